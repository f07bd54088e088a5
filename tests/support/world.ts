// A gateway with servers behind it, started by the first test of a file that needs it and ended after the last.

import { after } from "node:test";
import { connectOfficial, SDKS } from "./connect_official.ts";
import type { OfficialOptions, Sdk } from "./connect_official.ts";
import type { OfficialClient } from "./official_client.ts";
import { startGateway, TOKENS } from "./in_process_gateway.ts";
import type { InProcessGateway } from "./in_process_gateway.ts";
import { connectRaw } from "./raw_client.ts";
import type { ClientTransport, RawClient } from "./raw_client.ts";
import { BACKEND_TRANSPORTS, overTransport } from "./servers.ts";
import type { BackendTransport } from "./servers.ts";

/** How long a test may take: the runtimes differ in what they allow by default. */
export const LIMIT = { timeout: 60_000 };

/** A client's transport with a backend's. */
export interface Pair {
  readonly client: ClientTransport;
  readonly backend: BackendTransport;
}

/** All six. */
export const PAIRS: readonly Pair[] = (["sse", "streamable-http"] as const)
  .flatMap((client) =>
    BACKEND_TRANSPORTS.map((backend) => ({ client, backend }))
  );

/** A pair as part of a test's name. */
export function named({ client, backend }: Pair): string {
  return `${client} to ${backend}`;
}

/** Every generation of the official client with every pair. */
export const COMBINATIONS: readonly (Pair & { readonly sdk: Sdk })[] = SDKS
  .flatMap((sdk) => PAIRS.map((pair) => ({ sdk, ...pair })));

/** What a gateway can have behind it. */
export interface Behind extends AsyncDisposable {
  readonly mcpServers: Readonly<Record<string, unknown>>;
}

/** How a raw client connects, when it matters. */
export interface RawConnectOptions {
  readonly revision?: string;
  /** The token's name. */
  readonly token?: keyof typeof TOKENS;
}

/** A gateway with its servers. */
export class World<S extends Behind> implements AsyncDisposable {
  readonly servers: S;
  readonly gateway: InProcessGateway;

  private constructor(servers: S, gateway: InProcessGateway) {
    this.servers = servers;
    this.gateway = gateway;
  }

  static async start<S extends Behind>(
    startServers: () => Promise<S>,
  ): Promise<World<S>> {
    const servers = await startServers();
    try {
      return new this(servers, await startGateway(servers.mcpServers));
    } catch (error) {
      await servers[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Connects a raw client through the gateway. */
  raw(
    { client, backend }: Pair,
    { revision, token = "alice" }: RawConnectOptions = {},
  ): Promise<RawClient> {
    return connectRaw({
      url: this.gateway.url,
      server: overTransport(backend),
      token: TOKENS[token],
      transport: client,
      revision,
    });
  }

  /** Connects an official client through the gateway. */
  official(
    sdk: Sdk,
    client: ClientTransport,
    server: string,
    options?: OfficialOptions,
  ): Promise<OfficialClient> {
    const leaf = client === "sse" ? "sse" : "mcp";
    const url = `${this.gateway.url}/${server}/${leaf}`;
    const target = { transport: client, url, token: TOKENS.alice };
    return connectOfficial(sdk, target, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
    await this.servers[Symbol.asyncDispose]();
  }
}

/** Call it in a `describe`: its tests share one world. */
export function sharedWorld<S extends Behind>(
  startServers: () => Promise<S>,
): () => Promise<World<S>> {
  let world: Promise<World<S>> | undefined;
  after(async () => await (await world)?.[Symbol.asyncDispose]());
  return () => world ??= World.start(startServers);
}
