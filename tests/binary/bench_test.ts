// A short run of the benchmark against the executable; `deno task bench` is the long one.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { it } from "node:test";
import { BUN } from "../../bench/participants/backends.ts";
import { ROOT } from "../support/program.ts";

const skip = process.platform === "linux" ? false : "needs /proc of Linux";

function bench(...args: readonly string[]) {
  const command = [join(ROOT, "bench/main.ts"), ...args];
  return spawnSync(BUN, command, { encoding: "utf8" });
}

it("measures the executable, and judges it by its budgets", { skip }, () => {
  const short = ["--rounds", "1", "--window", "20", "--no-peers"];
  const { status, stdout, stderr } = bench("--only", "start,logging", ...short);
  assert.equal(stderr, "");
  assert.equal(status, 0);
  assert.match(stdout, /^mcp-front +\d/m);
  assert.match(stdout, /^calls\/s with INFO logging .* (not )?met$/m);
});

it("shows how it is used to whoever asks for what it has not", { skip }, () => {
  const { status, stderr } = bench("--only", "speed");
  assert.equal(status, 2);
  assert.match(stderr, /^error: --only: found "speed"[^]*usage: deno task/);
});
