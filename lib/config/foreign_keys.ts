// Keys that other tools' files have and this one has not: which may stay, and what to write instead of the others.

import type { Path } from "./path.ts";
import { sectionAt } from "./sections.ts";

/** What is said about a key of another tool. */
export interface KeyNote {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly hint?: string;
}

const APPROVAL = new Set([
  "autoApprove",
  "autoApproved",
  "alwaysAllow",
  "approvalMode",
  "trust",
]);

/** By what they list: the tools that stay, or those that go. */
const TOOL_FILTERS: ReadonlyMap<string, "allow" | "deny"> = new Map([
  ["allowedTools", "allow"],
  ["blockedTools", "deny"],
  ["disabledTools", "deny"],
  ["disallowedTools", "deny"],
  ["enabledTools", "allow"],
  ["excludeTools", "deny"],
  ["includeTools", "allow"],
  ["tools", "allow"],
]);

const DECORATION = new Set([
  "description",
  "displayName",
  "gallery",
  "icon",
  "id",
  "name",
  "note",
  "notes",
  "tags",
  "title",
  "version",
]);

const SERVER_HINTS: ReadonlyMap<string, string> = new Map([
  ["apiKey", 'write it into "headers"'],
  ["auth", 'write the credentials for this server into "headers"'],
  ["cmd", 'write "command"'],
  ["enabled", 'write "disabled": true to leave a server out'],
  ["endpoint", 'write "url"'],
  ["envFile", 'set the variables and name them in "env" or "inheritEnv"'],
  ["environment", 'write "env"'],
  ["isActive", 'write "disabled": true to leave a server out'],
  ["oauth", 'write the credentials for this server into "headers"'],
  ["requestInit", 'write "headers" directly into the server'],
  ["token", 'write the credentials for this server into "headers"'],
  ["uri", 'write "url"'],
]);

/** What a server that makes access tokens itself would want to know. */
const TOKEN_MAKER_KEYS: readonly string[] = [
  "clientId",
  "clientSecret",
  "encryptionKey",
  "gcpProject",
  "googleClientId",
  "googleClientSecret",
  "googleRedirectUri",
  "idp",
  "jwtSecret",
  "redirectUri",
  "refreshTokenTtl",
  "storage",
  "tokenTtl",
  "ttl",
];

const FILE_HINTS: ReadonlyMap<string, string> = new Map([
  ["inputs", 'there is nobody to ask; write "$env:NAME" where they are used'],
  ["servers", 'did you mean "mcpServers"?'],
]);

const NO_TOKEN_MAKER = "leave it out: the gateway makes no access tokens, " +
  'it takes those of "issuer"; what is for asking that about tokens is in ' +
  '"introspection"';

/** The keys of a server that may stay, without effect. */
export const IGNORED_SERVER_KEYS: readonly string[] = [
  ...APPROVAL,
  ...TOOL_FILTERS.keys(),
  ...DECORATION,
];

/** What to say about an unknown key of the object at `path`, when it is known from elsewhere. */
export function noteOnForeignKey(
  path: Path,
  key: string,
): KeyNote | undefined {
  const section = sectionAt(path)?.path.join(".");
  if (section === "mcpServers.*") return noteOnServerKey(key);
  if (section === "proxy.auth" && TOKEN_MAKER_KEYS.includes(key)) {
    return unknownWith(NO_TOKEN_MAKER, key);
  }
  return section === "" ? unknownWith(FILE_HINTS.get(key), key) : undefined;
}

function noteOnServerKey(key: string): KeyNote | undefined {
  if (APPROVAL.has(key)) {
    return {
      severity: "warning",
      message: `"${key}" has no effect here; ` +
        "what runs without asking is decided in the client",
    };
  }
  const mode = TOOL_FILTERS.get(key);
  if (mode !== undefined) {
    return {
      severity: "warning",
      message: `"${key}" is NOT applied; it keeps no tool of this server ` +
        "from anybody",
      hint: `write "toolFilter": { "mode": "${mode}", "tools": […] }`,
    };
  }
  if (DECORATION.has(key)) {
    return { severity: "warning", message: `"${key}" has no effect here` };
  }
  return unknownWith(SERVER_HINTS.get(key), key);
}

function unknownWith(
  hint: string | undefined,
  key: string,
): KeyNote | undefined {
  if (hint === undefined) return undefined;
  return { severity: "error", message: `unknown key "${key}"`, hint };
}
