// A gateway for the raw HTTP tests of one file: started by the first that needs it, ended after the last.

import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { startGateway } from "./in_process_gateway.ts";
import type { InProcessGateway } from "./in_process_gateway.ts";
import { BUN } from "./program.ts";

/** How long a test may take: the runtimes differ in what they allow by default. */
export const LIMIT = { timeout: 60_000 };

/** An entry of `mcpServers`: the scripted server over stdio. */
export const SCRIPTED = {
  command: BUN,
  args: [pathOf("scripted_server.mjs"), "stdio"],
};

/** The path of a program that stands beside this file. */
export function pathOf(program: string): string {
  return fileURLToPath(new URL(program, import.meta.url).href);
}

/** Call it in a `describe`: its tests share one gateway. */
export function sharedGateway(
  mcpServers: Readonly<Record<string, unknown>>,
  proxy: Readonly<Record<string, unknown>> = {},
): () => Promise<InProcessGateway> {
  let gateway: Promise<InProcessGateway> | undefined;
  after(async () => await (await gateway)?.[Symbol.asyncDispose]());
  return () => gateway ??= startGateway(mcpServers, proxy);
}
