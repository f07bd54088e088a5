// The timers of the gateway after many faults of clients: none is left.

import assert from "node:assert/strict";
import process from "node:process";
import { it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { thisRuntime } from "../../lib/runtime/this_runtime.ts";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import { nothingLeft } from "../support/leftovers.ts";
import { LIMIT } from "../support/world.ts";
import { ClientRounds, LIMITS_OF_ROUNDS } from "./client_round.ts";

/** As many as a row has phases. */
const ROUNDS = 5;
const POLL_MS = 50;
/** How long the last timers may take to go. */
const SETTLING_MS = 5_000;

const skip = thisRuntime() === "bun" &&
  "Bun does not tell which timers a program has";

function timers(): number {
  return process.getActiveResourcesInfo()
    .filter((kind) => kind === "Timeout").length;
}

it("no timer is left of clients that misbehave", {
  ...LIMIT,
  skip,
}, async () => {
  await using rounds = await ClientRounds.start();
  await using gateway = await startGateway(rounds.mcpServers, {
    limits: LIMITS_OF_ROUNDS,
  });
  const before = timers();
  for (let round = 0; round < ROUNDS; round++) {
    await rounds.play(round, gateway.url, TOKENS.alice);
  }
  await nothingLeft(gateway);
  const deadline = performance.now() + SETTLING_MS;
  while (timers() > before && performance.now() < deadline) {
    await delay(POLL_MS);
  }
  assert.equal(timers(), before);
});
