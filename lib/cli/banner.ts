// What a person sees at a terminal once the gateway is up, with lines to paste into another one.

import type { Config, Problem, ServerConfig } from "../../mod.ts";
import { LATEST_LEGACY_REVISION } from "../protocol/versions.ts";
import { escapeInvisible } from "../telemetry/loggable.ts";
import { localUrl } from "./address_text.ts";
import { PLAIN } from "./palette.ts";
import { problemLine } from "./problem_line.ts";
import { shellWord } from "./shell_word.ts";
import { VERSION } from "../version.ts";

/** What the banner tells of. */
export interface Listening {
  /** The config file, as the operator named it. */
  readonly file: string;
  readonly config: Config;
  /** The port that was taken. */
  readonly port: number;
  readonly warnings: readonly Problem[];
}

/** Token values are never in it: the lines to paste take the token from `$MCP_TOKEN`. */
export function banner(listening: Listening, paint = PLAIN): string {
  const { config, port, warnings } = listening;
  const local = localUrl({ ...config.address, port });
  const title =
    `mcp-front ${VERSION}, "${config.name}", is listening on ${local}`;
  const lines = [
    paint("strong", escapeInvisible(title)),
    "",
    ...serverLines(config.servers, publicUrl(config) ?? local)
      .map(escapeInvisible),
    "",
    ...warnings.map((warning) => problemLine(warning, paint)),
    ...(warnings.length > 0 ? [""] : []),
    ...trialLines(listening, local).map(escapeInvisible),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function serverLines(servers: readonly ServerConfig[], url: string): string[] {
  const each = servers.map(({ name, authTokens }) => ({
    name,
    endpoint: endpointUrl(url, name),
    tokens: authTokens?.join(", ") ?? "any token",
  }));
  const all = {
    name: "all servers",
    endpoint: rootUrl(url),
    tokens: "what a token may use",
  };
  const rows = servers.length > 1 ? [all, ...each] : each;
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  const urlWidth = Math.max(...rows.map(({ endpoint }) => endpoint.length));
  return [
    ...rows.map(({ name, endpoint, tokens }) =>
      `  ${name.padEnd(nameWidth)}  ${endpoint.padEnd(urlWidth)}  for ${tokens}`
    ),
    "  (clients that speak HTTP+SSE: the same with /sse at the end)",
  ];
}

/** A request with curl, and the line that adds the first server to Claude Code. */
function trialLines(
  { file, config }: Listening,
  local: string,
): string[] {
  const [server] = config.servers;
  if (server === undefined) return [];
  const [first = ""] = server.authTokens ?? config.tokens.keys();
  const here = shellWord(endpointUrl(local, server.name));
  const [name, there] = addedServer(config, publicUrl(config) ?? local);
  const authorization = `"Authorization: Bearer $MCP_TOKEN"`;
  return [
    "To try it from another terminal:",
    "",
    `  export MCP_TOKEN=…  # ${whereIs(first, config, file)}`,
    `  curl -sS ${here} -H ${authorization} ` +
    "-H 'Content-Type: application/json' " +
    `-H 'Accept: application/json, text/event-stream' -d '${INITIALIZE}'`,
    `  claude mcp add --transport http ${shellWord(name)} ${
      shellWord(there)
    } ` +
    `--header ${authorization}`,
    "",
  ];
}

/** Where the operator finds a token. */
function whereIs(token: string, { tokens }: Config, file: string): string {
  return tokens.get(token)?.value === undefined
    ? `the token "${token}"; ${file} has its hash`
    : `the value of token "${token}" in ${file}`;
}

/** What a client is best told of: all servers, where there are several. */
function addedServer({ servers }: Config, url: string): [string, string] {
  const [first, second] = servers as [ServerConfig, ServerConfig?];
  return second
    ? ["mcp-front", rootUrl(url)]
    : [first.name, endpointUrl(url, first.name)];
}

const INITIALIZE = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: LATEST_LEGACY_REVISION,
    capabilities: {},
    clientInfo: { name: "curl", version: "1" },
  },
});

/** Where clients reach the gateway, when the operator says that it is not where it listens. */
function publicUrl({ baseUrl }: Config): string | undefined {
  return baseUrl?.href.replace(/\/+$/, "");
}

function rootUrl(url: string): string {
  return `${url}/mcp`;
}

function endpointUrl(url: string, server: string): string {
  return `${url}/${encodeURIComponent(server)}/mcp`;
}
