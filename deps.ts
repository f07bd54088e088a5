// The supply chain on one screen: every third-party symbol in use, and why. Versions stand in deno.json.

import crossSpawn from "cross-spawn";
import type { spawn as nodeSpawn } from "node:child_process";

/** Starts `npx`, `uvx` and the like on Windows too, where they are `.cmd` files that `node:child_process` does not find or quote. */
export const spawn: typeof nodeSpawn = crossSpawn;

/** JSON with comments, event by event: every value with its line and column, and no object that a `__proto__` key could reach. */
export { printParseErrorCode, visit } from "jsonc-parser";

/** The shape of the config file, and the JSON Schema made of it. The mini edition starts in a quarter of the time of the full one. */
export * as z from "zod/mini";

/** "Did you mean": how many edits two names are apart. */
export { distance } from "fastest-levenshtein";

/** TOML, for `mcp-front init -import` alone, to read what Codex keeps: the parser of that kind which most others use, without dependencies. */
export const loadToml = () => import("smol-toml");

/** The official client of both eras, for `mcp-front check` alone: loading it takes longer than starting the gateway does. */
export const loadClient = () => import("@modelcontextprotocol/client");
/** What `loadClient` gives. */
export type ClientLibrary = Awaited<ReturnType<typeof loadClient>>;
/** An MCP client. */
export type Client = InstanceType<ClientLibrary["Client"]>;

/** The official server SDK and the schema library it takes, for `mcp-front demo database` alone. */
export const loadServer = () => import("@modelcontextprotocol/server");
/** Its way to speak over stdin and stdout. */
export const loadStdioServer = () =>
  import("@modelcontextprotocol/server/stdio");
/** The full edition: its schemas say by themselves what they are as JSON Schema, as that library wants it; the mini edition's do not. */
export const loadZod = () => import("zod");
/** What `loadZod` gives. */
export type ZodLibrary = Awaited<ReturnType<typeof loadZod>>;
export type { CallToolResult, McpServer } from "@modelcontextprotocol/server";

/** Signatures of access tokens (JOSE), where an authorization server is configured: a wrong check of one lets anybody in. */
export const loadJose = () => import("jose");
/** What `loadJose` gives. */
export type JoseLibrary = Awaited<ReturnType<typeof loadJose>>;
export type { JSONWebKeySet, JWTPayload } from "jose";
