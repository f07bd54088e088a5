// Work that nobody awaits.

import assert from "node:assert/strict";
import { it } from "node:test";
import { GatewayError } from "../../lib/errors.ts";
import { background } from "../../lib/telemetry/background.ts";
import { logInto } from "../support/log_lines.ts";
import type { LogLine } from "../support/log_lines.ts";

async function linesAfter(work: Promise<unknown>): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  background(logInto(lines), "Sweeping", work);
  await work.catch(() => {
    // Only waited for: the failure is what the log is to tell.
  });
  await Promise.resolve();
  return lines;
}

it("background work that goes well leaves no line", async () => {
  assert.deepEqual(await linesAfter(Promise.resolve()), []);
});

it("background work that fails as foreseen leaves a warning", async () => {
  const error = new GatewayError("backend_exited", "It is gone");
  assert.deepEqual(await linesAfter(Promise.reject(error)), [
    { level: "WARN", msg: "Failed", what: "Sweeping", error },
  ]);
});

it("background work that fails otherwise leaves an error", async () => {
  const error = new TypeError("x is not a function");
  assert.deepEqual(await linesAfter(Promise.reject(error)), [
    { level: "ERROR", msg: "Failed", what: "Sweeping", error },
  ]);
});
