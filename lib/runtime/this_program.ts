// How this very program is started again, whether it is an executable or a script.

import process from "node:process";
import { fileURLToPath } from "node:url";
import { bun } from "./bun.ts";
import { thisRuntime } from "./this_runtime.ts";

/** A program and its arguments. */
export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
}

/** The command line that runs mcp-front with these arguments, in the form in which it runs now. */
export function thisProgram(args: readonly string[]): CommandLine {
  return { command: process.execPath, args: [...runtimeArguments(), ...args] };
}

/** By which name or path the program was started, as far as that can be known. */
export function calledAs(): string {
  return isExecutable() ? process.argv0 : "mcp-front";
}

/** What stands between the runtime and the program's own arguments. */
function runtimeArguments(): string[] {
  if (isExecutable()) return [];
  if (thisRuntime() === "bun") return [pathOf("main.ts")];
  const settings = ["--quiet", "--config", pathOf("deno.json")];
  return ["run", "--allow-all", ...settings, pathOf("main.ts")];
}

/** Whether this is one file with the runtime in it. */
function isExecutable(): boolean {
  return thisRuntime() === "deno"
    ? Deno.build.standalone
    : bun().isStandaloneExecutable;
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(`../../${file}`, import.meta.url));
}
