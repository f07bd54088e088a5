// Who takes part: the way straight to the backend, the floor, mcp-front, and its peers from npm.

import type { ClientTransport, LoadSession } from "../load/session.ts";

/** What the servers behind a participant speak; `streamable-http-events` answers each call in an event stream, `streamable-http-quiet` offers no GET stream. */
export type BackendTransport =
  | "stdio"
  | "sse"
  | "streamable-http"
  | "streamable-http-events"
  | "streamable-http-quiet";

/** Who speaks with whom. */
export interface Pair {
  readonly client: ClientTransport;
  readonly backend: BackendTransport;
}

/** The six pairs, one of them with both forms of an answer. */
export const PAIRS: readonly Pair[] = (["sse", "streamable-http"] as const)
  .flatMap((client) =>
    (["stdio", "sse", "streamable-http"] as const)
      .map((backend): Pair => ({ client, backend }))
  )
  .concat({ client: "streamable-http", backend: "streamable-http-events" });

/** `stdio`, and so on, as the tables say it. */
export function pairName({ client, backend }: Pair): string {
  return `${client} → ${backend}`;
}

/** The names in the tables, in their order. */
export type ParticipantName =
  | "direct"
  | "floor"
  | "mcp-front"
  | "supergateway"
  | "mcp-proxy"
  | "mcp-hub";

/** One that is running, for one pair of transports; disposing of it ends it. */
export interface Participant extends AsyncDisposable {
  readonly name: ParticipantName;
  /** The process whose time is counted; none where the client speaks to the backend itself. */
  readonly pid?: number;
  /** Begins a session. */
  begin(): Promise<LoadSession>;
}
