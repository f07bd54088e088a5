// `mcp-front exec` as a process of its own, with the servers and commands that tests have it run.

import assert from "node:assert/strict";
import { MARK, runCheck } from "./check_run.ts";
import type { CheckEnd, CheckRun } from "./check_run.ts";
import { pathOf } from "./shared_gateway.ts";

/** An entry of `mcpServers`: a server with tools. */
export const TOOLS = {
  command: "node",
  args: [pathOf("tool_server.mjs"), MARK],
};

/** A config whose tokens are not there, on a port that nobody could listen on. */
export function configOf(
  mcpServers: Readonly<Record<string, unknown>>,
  tokens: Readonly<Record<string, unknown>> = { ci: "$env:CI_TOKEN_NOT_SET" },
): Record<string, unknown> {
  const auth = { kind: "bearer_token", tokens };
  return { proxy: { addr: "192.0.2.1:1", auth }, mcpServers };
}

/** A run of a command. */
export interface ExecRun extends Omit<CheckRun, "command" | "args"> {
  readonly options?: readonly string[];
  readonly words: readonly string[];
}

/** Runs a command; all processes of it should have the mark. */
export async function runExec(
  { options = [], words, ...run }: ExecRun,
): Promise<CheckEnd> {
  const args = [...options, "--", ...words];
  return await runCheck({ ...run, command: "exec", args });
}

/** What the client of `ci_client.mjs` tells. */
export interface ClientReport {
  readonly calls: readonly string[];
  readonly url: string;
  readonly token: string;
  /** Whether its token stands on the command line of any process. */
  readonly isListed: boolean;
  readonly env: Readonly<Record<string, string>>;
}

/** The command that makes these calls: a path of the gateway and a tool for each. */
export function clientWords(...calls: readonly string[]): string[] {
  return ["node", pathOf("ci_client.mjs"), ...calls];
}

/** What the client told on stdout. */
export function toldBy({ stdout, stderr }: CheckEnd): ClientReport {
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout);
}

/** A command line for a shell, with the mark. */
export function shell(line: string): string[] {
  return ["sh", "-c", line, MARK];
}
