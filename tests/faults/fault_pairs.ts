// The clients and servers of the fault suite, and what each is paired with.

import type { BackendKind } from "../support/fault_backend.ts";
import type { ClientTransport } from "../support/raw_client.ts";
import { BACKEND_TRANSPORTS } from "../support/servers.ts";
import { PAIRS } from "../support/world.ts";

/** What a client speaks; `exchanges` is the modern era. */
export type ClientKind = ClientTransport | "exchanges";

/** A client with a backend. */
export interface FaultPair {
  readonly client: ClientKind;
  readonly backend: BackendKind;
}

const MODERN = ["modern-stdio", "modern-http"] as const;

/** Where it is the client that does something wrong: what a modern server sees of it, is a matter of exchanges. */
export const CLIENT_PAIRS: readonly FaultPair[] = [
  ...PAIRS,
  ...BACKEND_TRANSPORTS.map((backend) =>
    ({ client: "exchanges", backend }) as const
  ),
];

/** Where it is the server. Of sessions that are the gateway's own those of one transport are played. */
export const BACKEND_PAIRS: readonly FaultPair[] = [
  ...PAIRS,
  ...MODERN.map((backend) => ({ client: "streamable-http", backend }) as const),
  ...(["stdio", "streamable-http", ...MODERN] as const).map((backend) =>
    ({ client: "exchanges", backend }) as const
  ),
];

/** How a client is called in the name of a test. */
export const CALLED: Readonly<Record<ClientKind, string>> = {
  sse: "SSE client",
  "streamable-http": "Streamable HTTP client",
  exchanges: "modern client",
};
