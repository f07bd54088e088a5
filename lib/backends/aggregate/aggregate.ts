// All servers as one: what a client is joined to at the root endpoint.

import type { Backend } from "../../backend.ts";
import type { Roster } from "../roster.ts";
import type { Log } from "../../telemetry/log.ts";
import { Naming } from "./naming.ts";
import type { NamingOptions } from "./naming.ts";
import { RootChannel } from "./root_channel.ts";

/** The name of the root in place of a server's. */
export const ROOT = "*";

/** How the root shows itself. */
export interface RootSettings {
  readonly naming: NamingOptions;
  /** How the gateway is shown to people. */
  readonly title: string;
}

/**
 * A backend over backends: its sessions reach every server that the token may use, also one that
 * comes later. A server that is slow, dead or lost costs the others nothing.
 */
export function aggregate(
  roster: Roster,
  { naming, title }: RootSettings,
  log: Log,
): Backend {
  const options = { roster, naming: new Naming(naming), title, log };
  return {
    name: ROOT,
    open: (context) => Promise.resolve(new RootChannel(options, context)),
  };
}
