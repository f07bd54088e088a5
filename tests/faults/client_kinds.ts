// The clients of the fault suite, and what each can be paired with.

import type { ClientTransport } from "../support/raw_client.ts";
import { BACKEND_TRANSPORTS } from "../support/servers.ts";
import type { BackendTransport } from "../support/servers.ts";
import { PAIRS } from "../support/world.ts";

/** What a client speaks; `exchanges` is the modern era. */
export type ClientKind = ClientTransport | "exchanges";

/** A client with a backend. */
export interface FaultPair {
  readonly client: ClientKind;
  readonly backend: BackendTransport;
}

/** All of them. */
export const FAULT_PAIRS: readonly FaultPair[] = [
  ...PAIRS,
  ...BACKEND_TRANSPORTS.map((backend) =>
    ({ client: "exchanges", backend }) as const
  ),
];

/** How a client is called in the name of a test. */
export const CALLED: Readonly<Record<ClientKind, string>> = {
  sse: "SSE client",
  "streamable-http": "Streamable HTTP client",
  exchanges: "modern client",
};
