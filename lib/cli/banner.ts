// What a person sees at a terminal once the gateway is up, with lines to paste into another one.

import type { Config, Problem } from "../../mod.ts";
import { escapeInvisible } from "../telemetry/loggable.ts";
import { localUrl, protocolOf } from "./address_text.ts";
import { callersOf } from "./callers_of.ts";
import { claudeCodeCommand } from "./connect/clients.ts";
import { entryOf } from "./connect/entry.ts";
import { exportLine, namedToken } from "./connect/token_variable.ts";
import { curlLine } from "./curl_line.ts";
import { endpointUrl, publicUrl, rootUrl } from "./endpoint_urls.ts";
import { PLAIN } from "./palette.ts";
import { problemLine } from "./problem_line.ts";
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
  const local = localUrl({ ...config.address, port }, protocolOf(config));
  const title =
    `mcp-front ${VERSION}, "${config.name}", is listening on ${local}`;
  const lines = [
    paint("strong", escapeInvisible(title)),
    "",
    ...serverLines(config, publicUrl(config) ?? local).map(escapeInvisible),
    "",
    ...warnings.map((warning) => problemLine(warning, paint)),
    ...(warnings.length > 0 ? [""] : []),
    ...trialLines(listening, local).map(escapeInvisible),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function serverLines(config: Config, url: string): string[] {
  const { servers, oauth } = config;
  const each = servers.map((server) => ({
    name: server.name,
    endpoint: endpointUrl(url, server.name),
    tokens: callersOf(server, config),
  }));
  const all = {
    name: "all servers",
    endpoint: rootUrl(url),
    tokens: "what a token may use",
  };
  const staticUrl = `${url}${oauth?.staticPath ?? ""}`;
  const rows = servers.length > 1 ? [all, ...each] : each;
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  const urlWidth = Math.max(...rows.map(({ endpoint }) => endpoint.length));
  return [
    ...rows.map(({ name, endpoint, tokens }) =>
      `  ${name.padEnd(nameWidth)}  ${endpoint.padEnd(urlWidth)}  for ${tokens}`
    ),
    "  (clients that speak HTTP+SSE: the same with /sse at the end)",
    ...oauth === undefined
      ? []
      : [`  (OAuth: access tokens of ${oauth.issuer})`],
    ...staticUrl === url ? [] : [
      `  (static tokens alone, without OAuth: the same beneath ${staticUrl})`,
    ],
  ];
}

/** A request with curl, and the line that adds the first server to Claude Code; the latter alone where there is no token. */
function trialLines(
  { file, config }: Listening,
  local: string,
): string[] {
  const [server] = config.servers;
  if (server === undefined) return [];
  const token = server.authTokens?.[0] ?? [...config.tokens.keys()][0];
  const named = publicUrl(config) ?? local;
  // A client is best told of all servers, where there are several.
  const added = config.servers.length > 1 ? undefined : server.name;
  if (token === undefined) {
    const command = claudeCodeCommand(entryOf(added, named, "oauth"));
    return [
      "To add it to a client, which logs in by OAuth:",
      "",
      `  ${command}`,
      "",
    ];
  }
  const staticPath = config.oauth?.staticPath ?? "";
  // A certificate is for the name by which clients come, and seldom for this machine's own.
  const reached = (config.tls === undefined ? local : named) + staticPath;
  const entry = entryOf(added, named + staticPath);
  return [
    "To try it from another terminal:",
    "",
    `  ${exportLine(namedToken(token, file, config.tokens))}`,
    `  ${curlLine(endpointUrl(reached, server.name))}`,
    `  ${claudeCodeCommand(entry)}`,
    "",
  ];
}
