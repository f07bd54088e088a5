// One HTTP request as the gateway sees it; what not every request needs is made when it is asked for.

import type { Inbound, Subject } from "../endpoint.ts";
import { newRequestId } from "../request_id.ts";
import { publicUrl, requestUrl } from "./request_url.ts";
import type { Peer } from "../runtime/serve.ts";
import type { Log } from "../telemetry/log.ts";
import type { Forwarded, TrustedProxies } from "./trusted_proxies.ts";

/** What receiving a request needs. */
export interface Reception {
  /** That of the gateway. */
  readonly log: Log;
  readonly proxies: TrustedProxies;
}

/** An `Inbound` whose url is not looked at before it is asked for. */
export class Arrival implements Inbound {
  readonly request: Request;
  readonly peer: Peer;
  /** The proxy that the request came by, where it is trusted. */
  readonly via?: string;
  readonly id = newRequestId();
  readonly #log: Log;
  readonly #forwarded: Forwarded | undefined;
  #addressed?: URL;
  #url?: URL;
  #tell?: (subject: Subject) => void;

  constructor(request: Request, peer: Peer, { log, proxies }: Reception) {
    this.request = request;
    this.#log = log;
    this.#forwarded = proxies.forwarded(peer.address, request.headers);
    this.via = this.#forwarded && peer.address;
    this.peer = this.#forwarded ? clientBehind(peer, this.#forwarded) : peer;
  }

  /** By which the peer asked, be it the client or a proxy. Throws `unusable_host`. */
  get addressed(): URL {
    return this.#addressed ??= requestUrl(this.request);
  }

  get url(): URL {
    return this.#url ??= this.#forwarded
      ? publicUrl(this.addressed, this.#forwarded)
      : this.addressed;
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

function clientBehind(peer: Peer, { address }: Forwarded): Peer {
  return {
    address,
    hold: () => peer.hold(),
    release: () => peer.release(),
  };
}
