// The configuration of the gateway in a soak: small limits, so that they are met.

import { fileURLToPath } from "node:url";
import type { RemoteName, SoakServer, SoakToken } from "../servers/servers.ts";

/** What a configuration is made of. */
export interface ConfigOptions {
  readonly servers: readonly SoakServer[];
  readonly tokens: readonly SoakToken[];
  readonly clients: number;
  readonly ports: Readonly<Record<RemoteName, number>>;
  /** In the environment of every child. */
  readonly env: Readonly<Record<string, string>>;
}

/** How long a session may be idle; the soak's own pauses are shorter. */
export const IDLE_MS = 8_000;

/** The program of the servers. */
export const SERVER_PROGRAM = fileURLToPath(
  new URL("../backend/main.mjs", import.meta.url),
);

/** The configuration, as JSON. */
export function gatewayConfig(options: ConfigOptions): string {
  const { servers, tokens, clients } = options;
  const values = tokens.map(({ name, value }) => [name, value]);
  const entries = servers.map((one) => [one.name, serverEntry(one, options)]);
  return JSON.stringify({
    proxy: {
      addr: "127.0.0.1:0",
      auth: { kind: "bearer_token", tokens: Object.fromEntries(values) },
      limits: limitsFor(clients, tokens.length),
    },
    mcpServers: Object.fromEntries(entries),
  });
}

/** Enough for the clients in good order, and not for a crowd. */
function limitsFor(clients: number, tokens: number) {
  const perToken = Math.ceil(clients / tokens);
  return {
    sessions: clients * 4,
    sessionsPerToken: perToken * 4,
    children: clients * 2,
    childrenPerToken: perToken * 2 + 2,
    childrenPerServer: clients,
    requestsPerSession: 20,
    clientMessage: "2MiB",
    serverMessage: "16MiB",
    headers: "16KiB",
    streamBuffer: "1MiB",
    sessionBuffer: "4MiB",
    open: "5s",
    request: "5s",
    requestMax: "10s",
    idle: `${IDLE_MS}ms`,
  };
}

function serverEntry(server: SoakServer, options: ConfigOptions) {
  const { tokens, ports, env } = options;
  const authTokens = server.reserved && { authTokens: [tokens[0]?.name] };
  if (server.remote === undefined) {
    return { ...command(server), env, ...authTokens };
  }
  const path = server.era ?? (server.transport === "sse" ? "sse" : "mcp");
  const url = `http://127.0.0.1:${ports[server.remote]}/${path}`;
  return server.written === "url to find out"
    ? { url, ...authTokens }
    : { url, transport: server.transport, ...authTokens };
}

function command({ name, written, era }: SoakServer) {
  const args = [SERVER_PROGRAM, era ?? "stdio", name];
  if (written === "command") return { command: "node", args };
  // A shell between the gateway and the server, as `npx` would be, which leaves something behind as well.
  const script = 'sleep 1000 & node "$@"';
  return { command: "sh", args: ["-c", script, "sh", ...args] };
}
