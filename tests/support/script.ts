// A small program in a process of its own, on the runtime that runs the test.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { ROOT } from "./program.ts";

/** How a program ended, and what it wrote to standard output. */
export interface ScriptResult {
  readonly code: number | null;
  readonly stdout: string;
}

/** The command line that runs a TypeScript file. */
export function runtimeCommand(): string[] {
  return "Deno" in globalThis
    ? [process.execPath, "run", "--no-check", "-A"]
    : [process.execPath];
}

/**
 * Runs `source`, in which `lib/…` imports are those of the repository. `wrap` makes of the
 * command line the shell command that is run in its place, in a folder of its own.
 */
export async function runScript(
  source: string,
  wrap: (command: string) => string = (command) => command,
): Promise<ScriptResult> {
  const folder = mkdtempSync(join(tmpdir(), "mcp-front-script-"));
  try {
    const file = join(folder, "script.ts");
    writeFileSync(file, source.replaceAll('"lib/', `"${ROOT}lib/`));
    const command = [...runtimeCommand(), file].map((word) => `'${word}'`);
    return await run(wrap(command.join(" ")), folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function run(command: string, cwd: string): Promise<ScriptResult> {
  const child = spawn("sh", ["-c", command], {
    cwd,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text) => stdout += text);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, stdout };
}
