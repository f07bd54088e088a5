// mcp-front as it is shipped: the executable, with three tokens, and its log at INFO in a file.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../tests/support/free_port.ts";
import { Program } from "./program.ts";

/** The executable that is measured. */
export const EXECUTABLE = fileURLToPath(
  new URL("../../dist/mcp-front", import.meta.url),
);
/** The token that the load uses. */
export const FRONT_TOKEN = "bench-token-that-is-long-enough-0";
/** How many tokens there are, unless it is that which is measured. */
export const TOKENS = 3;

const ROOM = 100_000;
/** Limits that no section meets. */
export const WIDE_LIMITS = {
  sessions: ROOM,
  sessionsPerToken: ROOM,
  children: ROOM,
  childrenPerToken: ROOM,
  childrenPerServer: ROOM,
};
/** Where it says in its log what it listens at. */
const USUAL_LEVEL = "INFO";

/** Any of the tokens there are. */
export function tokenOf(index: number): string {
  return FRONT_TOKEN.replace(/0$/, String(index));
}

/** What differs from the usual. */
export interface FrontOptions {
  readonly tokens?: number;
  /** How many servers, all the same. */
  readonly servers?: number;
  readonly level?: string;
  /** `proxy.limits`. */
  readonly limits?: Readonly<Record<string, unknown>>;
  /** What is run; the executable when absent. */
  readonly program?: readonly [string, ...string[]];
  /** Beside that of the log. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts it; it says its origin. */
export async function startFront(
  mcpServers: Readonly<Record<string, unknown>>,
  {
    tokens = TOKENS,
    level = USUAL_LEVEL,
    limits,
    program: run = [EXECUTABLE],
    env,
  }: FrontOptions = {},
): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), "mcp-front-bench-"));
  const names = Array.from({ length: tokens }, (_, index) => `token-${index}`);
  const values = names.map((name, index) => [
    name,
    tokenOf(index),
  ]);
  const auth = { kind: "bearer_token", tokens: Object.fromEntries(values) };
  const isHeard = level === USUAL_LEVEL;
  const port = isHeard ? 0 : await freePort();
  const addr = `127.0.0.1:${port}`;
  const proxy = { addr, auth, ...(limits && { limits }) };
  const config = join(folder, "config.jsonc");
  writeFileSync(config, JSON.stringify({ proxy, mcpServers }));
  const program = await Program.start({
    command: [...run, "-config", config],
    env: { LOG_LEVEL: level, LOG_FORMAT: "json", ...env },
    ready: isHeard ? /"url":"(http[^"]+)"/ : port,
    stderr: join(folder, "log"),
  });
  program.child.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return program;
}
