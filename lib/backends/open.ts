// From the options of one server to what it can be spoken to.

import type { Backend } from "../backend.ts";
import type { Log } from "../telemetry/log.ts";
import { modernHttpBackend } from "../transports/backend/modern_http.ts";
import { remoteBackend } from "../transports/backend/remote.ts";
import type { RemoteOptions } from "../transports/backend/remote_options.ts";
import { stdioBackend } from "../transports/backend/stdio.ts";
import type { StdioOptions } from "../transports/backend/stdio_options.ts";
import { counted } from "./counted.ts";
import type { ChildPlaces } from "./child_places.ts";
import { filtered } from "./filtered.ts";
import { observed } from "./observed.ts";
import type { CallObserver } from "./observed.ts";
import { shared } from "./shared/shared.ts";
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

/** A server in its own words: which of the two it understands is not known yet. */
export interface Native {
  /** The name in `mcpServers`. */
  readonly name: string;
  readonly kind: BackendOptions["kind"];
  readonly timeouts: Timeouts;
  /** Sessions that begin with `initialize`. */
  readonly legacy: Backend;
  /** Requests that describe themselves; absent where the transport knows none. */
  readonly modern?: Backend;
}

/**
 * Server `name`, within limits of time and on children. Whoever uses it sees and uses only
 * what their principal may.
 */
export function openBackend(
  name: string,
  options: BackendOptions,
  surroundings: Surroundings,
): Native {
  const { kind, timeouts } = options;
  const { onCall } = surroundings;
  const told = (one: Backend) => onCall ? observed(one, onCall) : one;
  const legacy = told(sessions(name, options, surroundings));
  const modern = exchanges(name, options, surroundings);
  const own = { name, kind, timeouts, legacy };
  return modern ? { ...own, modern: told(modern) } : own;
}

/** Started by the first message of a session and again after a death. */
function sessions(
  name: string,
  options: BackendOptions,
  { places, log }: Surroundings,
): Backend {
  const transport = options.kind === "stdio"
    ? stdioBackend(name, options.stdio, log)
    : remoteBackend(name, options.remote, log);
  const inTime = timed(transport, options.timeouts);
  const permitted = filtered(supervised(inTime, log), log);
  // Outermost: the children of one session follow each other, on the same place.
  return options.kind === "stdio" ? counted(permitted, places) : permitted;
}

/** Over stdio, one child for all that a principal asks. */
function exchanges(
  name: string,
  options: BackendOptions,
  surroundings: Surroundings,
): Backend | undefined {
  const { log } = surroundings;
  if (options.kind === "stdio") {
    const child = stdioBackend(name, options.stdio, log);
    const { openMs } = options.timeouts;
    const one = shared(child, { ...surroundings, openMs });
    return filtered(timed(one, options.timeouts), log);
  }
  const { remote, timeouts } = options;
  // HTTP+SSE has always had sessions.
  if (remote.transport === "sse") return undefined;
  return filtered(timed(modernHttpBackend(name, remote, log), timeouts), log);
}
