// The ways to run mcp-front: the built executable, and the sources on either runtime.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The ways, for tests that try all of them. */
export const PROGRAMS = ["binary", "deno", "bun"] as const;

/** A way to run mcp-front. */
export type Program = typeof PROGRAMS[number];

/** The Bun of this repository. It runs the servers that are written for tests, too: it starts in a third of Node's time. */
export const BUN = join(ROOT, "node_modules", ".bin", "bun");

const MAIN = join(ROOT, "main.ts");

/** The command and first arguments that run mcp-front. */
export function commandOf(program: Program): [string, ...string[]] {
  switch (program) {
    case "binary":
      return [join(ROOT, "dist", "mcp-front")];
    case "bun":
      return [BUN, MAIN];
    case "deno":
      return [denoPath(), "run", "--no-check", "-A", MAIN];
  }
}

let deno: string | undefined;

/** The Deno that runs this test or the task it belongs to, else the one npx finds. */
function denoPath(): string {
  deno ??= "Deno" in globalThis ? process.execPath : process.env.DENO_PATH;
  deno ??= execFileSync(
    "npx",
    ["-y", "deno@2.9.6", "eval", "console.log(Deno.execPath())"],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  ).trim();
  return deno;
}
