// From the options of one server to its Backend.

import type { Backend } from "../backend.ts";
import type { Log } from "../telemetry/log.ts";
import { remoteBackend } from "../transports/backend/remote.ts";
import type { RemoteOptions } from "../transports/backend/remote_options.ts";
import { stdioBackend } from "../transports/backend/stdio.ts";
import type { StdioOptions } from "../transports/backend/stdio_options.ts";
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

/** The backend of server `name`: its transport, with limits of time. Nothing is started before `open()`. */
export function openBackend(
  name: string,
  options: BackendOptions,
  log: Log,
): Backend {
  return timed(transport(name, options, log), options.timeouts);
}

function transport(name: string, options: BackendOptions, log: Log): Backend {
  return options.kind === "stdio"
    ? stdioBackend(name, options.stdio, log)
    : remoteBackend(name, options.remote, log);
}
