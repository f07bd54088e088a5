// What answers HTTP requests at a path, once the caller is known.

import type { Principal } from "./principal.ts";
import type { Peer } from "./runtime/serve.ts";
import type { Log } from "./telemetry/log.ts";

/** One HTTP request on its way through the gateway. */
export interface Inbound {
  readonly request: Request;
  readonly url: URL;
  /** Short and random; in the log, in error bodies and in `x-request-id`. */
  readonly id: string;
  readonly peer: Peer;
  /** A log whose lines carry the request id. */
  readonly log: Log;
}

/** What answers at a path. Throws a `GatewayError` for the one `catch` in `gateway.ts`. */
export interface Endpoint {
  respond(inbound: Inbound, principal: Principal): Promise<Response>;
}
