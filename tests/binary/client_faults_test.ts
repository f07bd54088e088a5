// The sockets and the memory of the executable after many faults of clients: both are where they were before.

import assert from "node:assert/strict";
import process from "node:process";
import { it } from "node:test";
import { ClientRounds, LIMITS_OF_ROUNDS } from "../faults/client_round.ts";
import { startGateway } from "../support/gateway_process.ts";
import { residentMibOf, settledFilesOf } from "../support/process_figures.ts";
import { configWith, DEV_TOKEN } from "../support/simple_config.ts";

const LIMIT = { timeout: 120_000 };
/** Until all that is loaded once is loaded, and the heap has its size. */
const FIRST_ROUNDS = 5;
const ROUNDS = 10;
/** Connections to servers that are kept for later. */
const SLACK_FILES = 8;
/** Garbage that is not collected yet, or was when the rounds began; measured: from -10 to 17, in no direction. */
const SLACK_MIB = 28;

const skip = process.platform === "linux" ? false : "needs /proc of Linux";

it("neither sockets nor memory are left of clients that misbehave", {
  ...LIMIT,
  skip,
}, async () => {
  await using rounds = await ClientRounds.start();
  const config = configWith(rounds.mcpServers, { limits: LIMITS_OF_ROUNDS });
  await using gateway = await startGateway({ config });
  const pid = gateway.child.pid as number;
  const play = async (from: number, to: number) => {
    for (let round = from; round < to; round++) {
      await rounds.play(round, gateway.url, DEV_TOKEN);
    }
  };
  await play(0, FIRST_ROUNDS);
  const files = await settledFilesOf(pid, Infinity);
  const memory = residentMibOf(pid);
  await play(FIRST_ROUNDS, FIRST_ROUNDS + ROUNDS);
  await settledFilesOf(pid, files + SLACK_FILES);
  const grown = residentMibOf(pid) - memory;
  assert.ok(grown < SLACK_MIB, `${grown} MiB more than ${memory} MiB`);
});
