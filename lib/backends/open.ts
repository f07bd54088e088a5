// From the options of one server to its Backend.

import type { Backend } from "../backend.ts";
import type { Log } from "../telemetry/log.ts";
import { remoteBackend } from "../transports/backend/remote.ts";
import type { RemoteOptions } from "../transports/backend/remote_options.ts";
import { stdioBackend } from "../transports/backend/stdio.ts";
import type { StdioOptions } from "../transports/backend/stdio_options.ts";
import { counted } from "./counted.ts";
import type { ChildPlaces } from "./child_places.ts";
import { filtered } from "./filtered.ts";
import { observed } from "./observed.ts";
import type { CallObserver } from "./observed.ts";
import { supervised } from "./supervised.ts";
import { timed } from "./timed.ts";
import type { Timeouts } from "./timeouts.ts";

export type { Timeouts } from "./timeouts.ts";

/** Everything needed to reach one MCP server. */
export type BackendOptions =
  & { readonly timeouts: Timeouts }
  & (
    | { readonly kind: "stdio"; readonly stdio: StdioOptions }
    | { readonly kind: "remote"; readonly remote: RemoteOptions }
  );

/** What the backends of a gateway share. */
export interface Surroundings {
  readonly places: ChildPlaces;
  readonly log: Log;
  /** Absent where nobody wants to know of tool calls. */
  readonly onCall?: CallObserver;
}

/**
 * The backend of server `name`: its transport, with limits of time, started by the
 * first message of a session and again after a death, within the limits on children. A
 * session sees and uses only what its principal may.
 */
export function openBackend(
  name: string,
  options: BackendOptions,
  { places, log, onCall }: Surroundings,
): Backend {
  const inTime = timed(transport(name, options, log), options.timeouts);
  const permitted = filtered(supervised(inTime, log), log);
  // Outermost: the children of one session follow each other, on the same place.
  const whole = options.kind === "stdio"
    ? counted(permitted, places)
    : permitted;
  return onCall ? observed(whole, onCall) : whole;
}

function transport(name: string, options: BackendOptions, log: Log): Backend {
  return options.kind === "stdio"
    ? stdioBackend(name, options.stdio, log)
    : remoteBackend(name, options.remote, log);
}
