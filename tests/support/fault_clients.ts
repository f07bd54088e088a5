// Makes the clients of the fault suite.

import type { FaultClient, FaultClientOptions } from "./fault_client.ts";
import { SseFaultClient } from "./fault_client_sse.ts";
import { StreamableFaultClient } from "./fault_client_streamable.ts";
import { ModernFaultClient } from "./fault_client_modern.ts";
import type { ClientTransport } from "./raw_client.ts";

const CLIENTS = {
  sse: SseFaultClient,
  "streamable-http": StreamableFaultClient,
  exchanges: ModernFaultClient,
} as const;

/** Makes a client; nothing is sent before `initialize()`. */
export function faultClient(
  kind: ClientTransport | "exchanges",
  options: FaultClientOptions,
): FaultClient {
  return new CLIENTS[kind](options);
}
