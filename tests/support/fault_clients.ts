// Makes the clients of the fault suite.

import type { FaultClient, FaultClientOptions } from "./fault_client.ts";
import { SseFaultClient } from "./fault_client_sse.ts";
import { StreamableFaultClient } from "./fault_client_streamable.ts";
import type { ClientTransport } from "./raw_client.ts";

/** Makes a client; nothing is sent before `initialize()`. */
export function faultClient(
  transport: ClientTransport,
  options: FaultClientOptions,
): FaultClient {
  return transport === "sse"
    ? new SseFaultClient(options)
    : new StreamableFaultClient(options);
}
