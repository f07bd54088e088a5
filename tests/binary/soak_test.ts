// A short soak of the executable; `deno task soak` is the long one.

import assert from "node:assert/strict";
import process from "node:process";
import { it } from "node:test";
import { soak } from "../../tasks/soak/run.ts";
import { commandOf } from "../support/program.ts";

const SECONDS = 8;
const CLIENTS = 15;
/** Not random: a change is judged by the same plan as the one before it. */
const SEED = "short";
const LEAST_CALLS = 100;

const skip = process.platform === "linux" ? false : "needs /proc of Linux";

it("holds what it promises while servers crash and clients misbehave", {
  skip,
}, async () => {
  const [program] = commandOf("binary");
  const { findings, figures } = await soak({
    seconds: SECONDS,
    seed: SEED,
    clients: CLIENTS,
    program,
  }, new AbortController().signal);
  assert.deepEqual(findings.failures, []);
  assert.equal(figures?.leaked, 0);
  assert.ok(findings.counted("calls checked") > LEAST_CALLS);
  assert.ok(findings.group("injected ").length > 5);
});
