// Which runtime this is, for the few places where that makes a difference.

/** The runtimes that mcp-front runs on. */
export type Runtime = "bun" | "deno";

/** The runtime that runs this very program. */
export function thisRuntime(): Runtime {
  return "Deno" in globalThis ? "deno" : "bun";
}
