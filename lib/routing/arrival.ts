// One HTTP request as the gateway sees it; what not every request needs is made when it is asked for.

import type { Inbound, Subject } from "../endpoint.ts";
import { newRequestId } from "../request_id.ts";
import { requestUrl } from "./request_url.ts";
import type { Peer } from "../runtime/serve.ts";
import type { Log } from "../telemetry/log.ts";

/** An `Inbound` whose url is not looked at before it is asked for. */
export class Arrival implements Inbound {
  readonly request: Request;
  readonly peer: Peer;
  readonly id = newRequestId();
  readonly #log: Log;
  #url?: URL;
  #tell?: (subject: Subject) => void;

  /** @param log of the gateway */
  constructor(request: Request, peer: Peer, log: Log) {
    this.request = request;
    this.peer = peer;
    this.#log = log;
  }

  /** Throws `unusable_host`. */
  get url(): URL {
    return this.#url ??= requestUrl(this.request);
  }

  get log(): Log {
    return this.#log.with({ request_id: this.id });
  }

  /** What is to be done, once, when it is known what the request is about. */
  whenTold(tell: (subject: Subject) => void): void {
    this.#tell = tell;
  }

  told(subject: Subject): void {
    const tell = this.#tell;
    this.#tell = undefined;
    tell?.(subject);
  }
}
