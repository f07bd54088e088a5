// What answers HTTP requests at a path, once the caller is known.

import type { Principal } from "./principal.ts";
import type { Peer } from "./runtime/serve.ts";
import type { Log } from "./telemetry/log.ts";

/** What the messages of a request are about, for the log. */
export interface Subject {
  /** The name in `mcpServers` of whom they are for; `*` for all. */
  readonly server?: string;
  /** The tool that is called. */
  readonly tool?: string;
}

/** One HTTP request on its way through the gateway. */
export interface Inbound {
  readonly request: Request;
  /** By which the client asked, also where a trusted proxy stands between. Throws `unusable_host`. */
  readonly url: URL;
  /** Short and random; in the log, in error bodies and in `x-request-id`. */
  readonly id: string;
  /** The client, also where a trusted proxy stands between. */
  readonly peer: Peer;
  /** A log whose lines carry the request id. */
  readonly log: Log;
  /** Says that its messages were read, and what they are about; whoever reads none need not. */
  told(subject: Subject): void;
}

/** What answers at a path. Throws a `GatewayError` for the one `catch` in `gateway.ts`. */
export interface Endpoint {
  respond(inbound: Inbound, principal: Principal): Promise<Response>;
}
