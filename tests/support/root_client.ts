// Clients of the root endpoint: of all servers as one.

import { connectOfficial } from "./connect_official.ts";
import type { OfficialOptions, Sdk } from "./connect_official.ts";
import { TOKENS } from "./in_process_gateway.ts";
import type { InProcessGateway } from "./in_process_gateway.ts";
import type { OfficialClient } from "./official_client.ts";
import { connectRaw } from "./raw_client.ts";
import type { ClientTransport, RawClient, RawOptions } from "./raw_client.ts";

/** How a client reaches the root. */
export interface RootClient {
  readonly sdk: Sdk;
  readonly transport: ClientTransport;
}

/** Each generation of the official client, and each of the transports. */
export const ROOT_CLIENTS: readonly RootClient[] = [
  { sdk: "v1", transport: "sse" },
  { sdk: "v2", transport: "streamable-http" },
];

/** How an official client connects, when it matters. */
export interface RootOptions extends OfficialOptions {
  /** The token's name. */
  readonly token?: keyof typeof TOKENS;
  /** Only the server of this name, by `?server=`. */
  readonly only?: string;
}

/** Connects an official client to the root. */
export function officialAtRoot(
  { url }: Pick<InProcessGateway, "url">,
  { sdk, transport }: RootClient,
  options: RootOptions = {},
): Promise<OfficialClient> {
  const { token = "alice", only, ...official } = options;
  const leaf = transport === "sse" ? "sse" : "mcp";
  const query = only === undefined ? "" : `?server=${only}`;
  const target = {
    transport,
    url: `${url}/${leaf}${query}`,
    token: TOKENS[token],
  };
  return connectOfficial(sdk, target, official);
}

/** Connects a raw client to the root, as alice. */
export function rawAtRoot(
  { url }: Pick<InProcessGateway, "url">,
  transport: ClientTransport,
  options: Partial<RawOptions> = {},
): Promise<RawClient> {
  return connectRaw({ url, token: TOKENS.alice, transport, ...options });
}
