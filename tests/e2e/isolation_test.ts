// Sessions share nothing: not their answers, not their children.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import process from "node:process";
import { describe, it } from "node:test";
import { RawStreamableClient, request } from "../support/raw_client.ts";
import type { RawClient } from "../support/raw_client.ts";
import { reported, script, startScripted } from "../support/scripted_server.ts";
import type { Recorded } from "../support/scripted_server.ts";
import { LIMIT, named, PAIRS, sharedWorld, World } from "../support/world.ts";

const OVERLAPPING = 25;

describe("sessions", () => {
  const world = sharedWorld(startScripted);

  for (const pair of PAIRS) {
    it(
      `${
        named(pair)
      }: clients with the same ids at once hear their own answers only`,
      LIMIT,
      async () => {
        const shared = await world();
        await using alice = await shared.raw(pair);
        await using alsoAlice = await shared.raw(pair);
        await using bob = await shared.raw(pair, { token: "bob" });
        const clients = { alice, alsoAlice, bob };
        await Promise.all(
          Object.entries(clients).flatMap(([who, client]) =>
            Array.from({ length: OVERLAPPING }, async (_, index) => {
              const id = index + 1;
              const heard = await client.ask(
                request(id, "x/echo", { who, id }),
              );
              const { base64 } = heard.message.result as Recorded;
              const text = Buffer.from(base64 ?? "", "base64").toString();
              assert.deepEqual(JSON.parse(text).params, { who, id });
            })
          ),
        );
        for (const client of Object.values(clients)) {
          assert.equal(client.heard.all.length, 1 + OVERLAPPING);
        }
      },
    );
  }

  for (const transport of ["sse", "streamable-http"] as const) {
    const pair = { client: transport, backend: "stdio" } as const;

    it(
      `${transport}: each has a child of its own, which ends with it`,
      LIMIT,
      async () => {
        const { gateway } = await world();
        const clients = await Promise.all(
          Array.from(
            { length: 3 },
            async () => await (await world()).raw(pair),
          ),
        );
        const pids = await Promise.all(clients.map(pidBehind));
        assert.equal(new Set(pids).size, clients.length);
        for (const client of clients) {
          if (client instanceof RawStreamableClient) await client.end();
          await client[Symbol.asyncDispose]();
        }
        for (const pid of pids) {
          await gateway.logged("Backend exited", { pid, code: 0 });
          assert.ok(!isRunning(pid), `child ${pid} is still there`);
        }
      },
    );

    it(
      `${transport}: the end of the gateway is the end of every child`,
      LIMIT,
      async () => {
        const own = await World.start(startScripted);
        const clients = await Promise.all(
          Array.from({ length: 3 }, async () => await own.raw(pair)),
        );
        const pids = await Promise.all(clients.map(pidBehind));
        for (const client of clients) {
          await client.send(request(2, "silent/work"));
        }
        await own[Symbol.asyncDispose]();
        for (const client of clients) await client[Symbol.asyncDispose]();
        assert.deepEqual(pids.filter(isRunning), []);
      },
    );
  }
});

async function pidBehind(client: RawClient): Promise<number> {
  return reported(await client.ask(script(1, { report: true }))).pid;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // There is no such process.
  }
}
