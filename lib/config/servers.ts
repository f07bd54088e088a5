// `mcpServers`: every server of the file, checked, without those that are disabled.

import type { BackendOptions } from "../backends/open.ts";
import { RESERVED_NAMES } from "../routing/reserved.ts";
import { readBridge } from "./bridge.ts";
import type { ServerConfig } from "./config.ts";
import { readOAuthAccess } from "./oauth/access.ts";
import type { Path } from "./path.ts";
import { readRemoteServer, URL_KEYS } from "./remote_server.ts";
import type { Report } from "./report.ts";
import type { FileDraft, ServerDraft } from "./schema.ts";
import type { ServerContext } from "./server_context.ts";
import { readStdioServer } from "./stdio_server.ts";
import { readTimeouts } from "./timeouts.ts";
import { readTokenNames } from "./token_names.ts";
import { readToolFilter } from "./tool_filter.ts";

const SERVERS_PATH = "mcpServers";
/** The longest name of a server. */
export const MAX_SERVER_NAME_LENGTH = 64;
/** What needs no escaping in a path (RFC 3986 § 2.3). */
export const SERVER_NAME = /^[A-Za-z0-9._~-]+$/;

/** A server; without a way to reach it where that is a problem, or where only a variable tells it. */
export type FoundServer = Omit<ServerConfig, "backend"> & {
  readonly backend?: BackendOptions;
};

/** Reads `mcpServers`. `names` are its keys, in the order of the file. */
export function readServers(
  file: FileDraft,
  names: readonly string[],
  context: ServerContext,
): FoundServer[] {
  const { report } = context;
  const drafts = new Map(Object.entries(file.mcpServers ?? {}));
  const servers: FoundServer[] = [];
  for (const name of names) {
    checkName(name, report);
    const draft = drafts.get(name);
    const server = draft && readServer(name, draft, context);
    if (server && draft.disabled !== true) servers.push(server);
  }
  tellNoServer(file, names, report);
  return servers;
}

function tellNoServer(
  file: FileDraft,
  names: readonly string[],
  report: Report,
): void {
  if (file.mcpServers === undefined && report.has([SERVERS_PATH])) return;
  const drafts = Object.values(file.mcpServers ?? {});
  // One whose entry is not even an object may be meant to be enabled.
  const isEnabled = (draft: ServerDraft) => draft.disabled !== true;
  if (drafts.some(isEnabled) || drafts.length < names.length) return;
  const found = names.length === 0 ? "no server" : "only disabled servers";
  report.error([SERVERS_PATH], `found ${found}, wanted at least one`, {
    hint: '"mcpServers": { "NAME": { "command": "…" } } or { "url": "…" }',
  });
}

function checkName(name: string, report: Report): void {
  const path = [SERVERS_PATH, name];
  if (RESERVED_NAMES.has(name)) {
    report.error(path, `"${name}" is a path of the gateway itself`, {
      at: "key",
      hint: "give the server another name",
    });
    return;
  }
  const fits = SERVER_NAME.test(name) && name.length <= MAX_SERVER_NAME_LENGTH;
  if (fits && name !== "." && name !== "..") return;
  report.error(
    path,
    `found ${report.quoteKey(name)}, wanted a name that can stand in a url: ` +
      `1 to ${MAX_SERVER_NAME_LENGTH} of A-Z a-z 0-9 . _ ~ -`,
    { at: "key" },
  );
}

function readServer(
  name: string,
  draft: ServerDraft,
  context: ServerContext,
): FoundServer {
  const path = [SERVERS_PATH, name];
  const { report, auth } = context;
  const authTokens = readTokenNames(draft, path, context);
  const oauthAccess = readOAuthAccess(draft, path, auth, report);
  const toolFilter = readToolFilter(draft, path, context);
  const timeouts = readTimeouts(draft, path, context);
  const bridge = readBridge(draft, report);
  const target = readTarget(draft, path, context);
  const access = authTokens === undefined
    ? report.place(path, "key")
    : report.place([...path, "authTokens"], "key");
  return {
    name,
    line: access.line,
    bridge,
    ...(authTokens && { authTokens }),
    ...oauthAccess,
    ...(toolFilter && { toolFilter }),
    ...(target && { backend: { timeouts, ...target } }),
  };
}

type Target =
  | Omit<Extract<BackendOptions, { kind: "stdio" }>, "timeouts">
  | Omit<Extract<BackendOptions, { kind: "remote" }>, "timeouts">;

function readTarget(
  draft: ServerDraft,
  path: Path,
  context: ServerContext,
): Target | undefined {
  const { report } = context;
  // Asked of the file, because a key of the wrong type is not in the draft.
  const hasCommand = report.has([...path, "command"]);
  const hasUrl = URL_KEYS.some((key) => report.has([...path, key]));
  if (hasCommand === hasUrl) {
    const found = hasUrl ? 'both "url" and "command"' : "no url and no command";
    report.error(path, `found ${found}, wanted one of them`, { at: "key" });
    return undefined;
  }
  if (hasCommand) {
    return { kind: "stdio", stdio: readStdioServer(draft, path, context) };
  }
  const remote = readRemoteServer(draft, path, context);
  return remote && { kind: "remote", remote };
}
