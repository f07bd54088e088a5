// All servers as one: what a client is joined to at the root endpoint.

import type { Backend } from "../../backend.ts";
import type { Principal } from "../../principal.ts";
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
 * A backend over backends: its sessions reach every server that the token may use.
 * A server that is slow, dead or lost costs the others nothing.
 */
export function aggregate(
  backends: readonly Backend[],
  { naming, title }: RootSettings,
  log: Log,
): Backend {
  const names = new Naming(naming);
  const usable = (principal: Principal) =>
    backends.filter(({ name: server }) =>
      principal.allows({ kind: "server", server }).allowed
    );
  return {
    name: ROOT,
    open: (context) => {
      const { principal } = context;
      const options = {
        backends: usable(principal),
        naming: names,
        title,
        log,
      };
      return Promise.resolve(new RootChannel(options, context));
    },
  };
}
