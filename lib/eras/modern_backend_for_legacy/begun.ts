// What a session has once its server has answered the handshake.

import { Envelope } from "../../channel/envelope.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { Log } from "../../telemetry/log.ts";
import type { Capabilities } from "../legacy_backend_for_modern/needed_capability.ts";
import { Calls } from "./calls.ts";
import type { CallsOptions } from "./calls.ts";
import type { LegacyClient } from "./client.ts";
import { described } from "./described.ts";
import { LocalRequests } from "./local_requests.ts";
import { Tools } from "./tools.ts";
import { Watch } from "./watch.ts";

/** Its parts. */
export interface Begun {
  readonly client: LegacyClient;
  readonly calls: Calls;
  readonly watch: Watch;
  readonly local: LocalRequests;
}

/** What they are made of. */
export interface BegunOptions extends Omit<CallsOptions, "tools"> {
  /** Of the server. */
  readonly capabilities: Capabilities;
  /** See `ModernBridging`. */
  readonly hasHeaders: boolean;
  readonly log: Log;
}

/** Makes them. */
export function begun(options: BegunOptions): Begun {
  const { client, capabilities, exchanges, hasHeaders, log } = options;
  const tools = new Tools(hasHeaders, (tool) => {
    const reason = "its schema names headers in a way that is not allowed";
    log.warn("Tool left out", { tool, reason });
  });
  const watch = new Watch({
    ...options,
    listen(id, notifications) {
      const params = { notifications };
      const asked = { id, method: METHODS.listen, params };
      const request = Envelope.of({ jsonrpc: "2.0", ...asked });
      void exchanges.send(described(request, client));
    },
    cancel: (id) => exchanges.cancel(id),
  });
  const calls = new Calls({ ...options, tools });
  const local = new LocalRequests(client, capabilities, watch);
  return { client, calls, watch, local };
}
