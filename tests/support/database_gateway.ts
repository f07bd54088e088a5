// The gateway as its own process with a server "database" for two of its three tokens.

import { randomBytes } from "node:crypto";
import { DEVELOPMENT_EXAMPLE } from "../config/documented_examples.ts";
import { connectOfficial } from "./connect_official.ts";
import type { Sdk } from "./connect_official.ts";
import { startGateway } from "./gateway_process.ts";
import type { GatewayProcess } from "./gateway_process.ts";
import type { OfficialClient } from "./official_client.ts";
import { ROOT } from "./program.ts";
import type { ClientTransport } from "./raw_client.ts";

const TOKEN_BYTES = 24;

/** Values by the variables of the documented example that they are taken from, and one that the example has not. */
export const TOKENS = {
  DEV_TOKEN: randomBytes(TOKEN_BYTES).toString("hex"),
  TEST_TOKEN: randomBytes(TOKEN_BYTES).toString("hex"),
  OTHER_TOKEN: randomBytes(TOKEN_BYTES).toString("hex"),
} as const;

/** The entry `database` of the documented example. */
export const DOCUMENTED_DATABASE: Readonly<Record<string, unknown>> = JSON
  .parse(DEVELOPMENT_EXAMPLE).mcpServers.database;

/** The documented example but for its address, one more token that `database` is not for, and the entry `database`. */
export function exampleWith(
  database: Readonly<Record<string, unknown>>,
): string {
  const config = JSON.parse(DEVELOPMENT_EXAMPLE);
  config.proxy.addr = "127.0.0.1:0";
  config.proxy.auth.tokens.other = "$env:OTHER_TOKEN";
  config.mcpServers.database = database;
  return JSON.stringify(config);
}

/** Starts the gateway on the runtime of the test, with the tokens and `DATABASE_URL` in its environment. */
export function startDatabaseGateway(
  config: string,
  databaseUrl: string,
): Promise<GatewayProcess> {
  return startGateway({
    config,
    how: "Deno" in globalThis ? "deno" : "bun",
    env: { ...TOKENS, DATABASE_URL: databaseUrl, LOG_LEVEL: "debug" },
    directory: ROOT,
  });
}

/** How a client connects, when it matters. */
export interface DatabaseClientOptions {
  readonly sdk?: Sdk;
  readonly transport?: ClientTransport;
  readonly token?: keyof typeof TOKENS;
}

/** Connects an official client to `database`. */
export function connectToDatabase(
  { url }: GatewayProcess,
  options: DatabaseClientOptions = {},
): Promise<OfficialClient> {
  const { transport = "streamable-http", token = "DEV_TOKEN" } = options;
  const leaf = transport === "sse" ? "sse" : "mcp";
  return connectOfficial(options.sdk ?? "v2", {
    transport,
    url: `${url}/database/${leaf}`,
    token: TOKENS[token],
  });
}
