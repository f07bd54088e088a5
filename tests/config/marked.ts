// Config texts in which ▲ marks the place where a problem is expected.

import assert from "node:assert/strict";
import type { Problem } from "../../lib/config/problems.ts";
import { readConfig } from "../../lib/config/read.ts";
import type { ReadOptions, ReadOutcome } from "../../lib/config/read.ts";

const MARK = "▲";

const OPTIONS: ReadOptions = {
  file: "test.jsonc",
  directory: "/etc/gateway",
  environment: {},
  platform: "linux",
};

/** One problem and nothing else, at the mark. */
export interface Expectation {
  readonly path: string;
  readonly message: RegExp;
  readonly hint?: RegExp;
}

/** Reads a text in surroundings that a test may change. */
export function read(
  text: string,
  options: Partial<ReadOptions> = {},
): ReadOutcome {
  return readConfig(text, { ...OPTIONS, ...options });
}

/** A sound file with this as the entry of its only server, `x`. */
export function withServer(entry: string): string {
  return withServers(`"x": ${entry}`);
}

/** A sound file with these members in `mcpServers`. */
export function withServers(members: string): string {
  return `{
    "proxy": { "addr": "127.0.0.1:0", ${AUTH} },
    "mcpServers": { ${members} }
  }`;
}

/** A sound file with these members in `proxy`, besides its address and tokens. */
export function withProxy(members: string): string {
  return `{
    "proxy": { ${members}, ${AUTH} },
    "mcpServers": { "x": { "command": "node" } }
  }`;
}

/** A sound file with these members in `tokens`. */
export function withTokens(members: string): string {
  return `{
    "proxy": {
      "addr": "127.0.0.1:0",
      "auth": { "kind": "bearer_token", "tokens": { ${members} } }
    },
    "mcpServers": { "x": { "command": "node" } }
  }`;
}

const AUTH = `"auth": {
      "kind": "bearer_token",
      "tokens": { "dev": "dev-0123456789abcdef", "ops": "ops-0123456789abcdef" }
    }`;

/** Fails unless the text has exactly this error, at its mark. */
export function assertError(
  text: string,
  expected: Expectation,
  options?: Partial<ReadOptions>,
): void {
  const outcome = read(text.replace(MARK, ""), options);
  assert.equal(outcome.config, undefined);
  const errors = outcome.problems.filter((p) => p.severity === "error");
  assertOnly(errors, text, expected);
}

/** Fails unless the text is a sound config with exactly this warning, at its mark. */
export function assertWarning(
  text: string,
  expected: Expectation,
  options?: Partial<ReadOptions>,
): void {
  const outcome = read(text.replace(MARK, ""), options);
  assertOnly(outcome.problems, text, expected);
  assert.equal(outcome.problems[0].severity, "warning");
  assert.notEqual(outcome.config, undefined);
}

function assertOnly(
  problems: readonly Problem[],
  text: string,
  { path, message, hint }: Expectation,
): void {
  assert.deepEqual(problems.map(placeOf), [`${markOf(text)} ${path}`]);
  assert.match(problems[0].message, message);
  if (hint !== undefined) assert.match(problems[0].hint ?? "", hint);
}

function placeOf({ line, column, path }: Problem): string {
  return `${line}:${column} ${path}`;
}

function markOf(text: string): string {
  const lines = text.slice(0, text.indexOf(MARK)).split("\n");
  return `${lines.length}:${lines[lines.length - 1].length + 1}`;
}
