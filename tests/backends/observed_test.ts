// A backend whose tool calls somebody is told of: how each ended, and nothing of what was said.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { observed } from "../../lib/backends/observed.ts";
import type { ToolCall } from "../../lib/backends/observed.ts";
import { OUTLINED_BYTES } from "../../lib/channel/outline.ts";
import { Envelope } from "../../lib/channel/envelope.ts";
import { GatewayError } from "../../lib/errors.ts";
import { BackendClient } from "../support/backend_client.ts";
import { MemoryChannel } from "../support/memory_channel.ts";

const PAUSE_MS = 20;

async function begin() {
  const peer = new MemoryChannel();
  const inner = { name: "files", open: () => Promise.resolve(peer) };
  const calls: ToolCall[] = [];
  const backend = observed(inner, (call) => calls.push(call));
  const client = await BackendClient.open(backend);
  /** Asks for a tool; the peer has heard it then. */
  const call = async (id: number, name: unknown) => {
    const params = { name, arguments: { secret: "not to be told" } };
    await client.send({ id, method: "tools/call", params });
    assert.deepEqual((await peer.hear())?.params, params);
  };
  const ends = () => calls.map(({ tool, end }) => `${tool} ${end}`);
  return { peer, client, calls, call, ends };
}

describe("an observed backend", () => {
  it("tells how each call of a tool ended, whatever the order of the answers", async () => {
    const { peer, client, call, ends } = await begin();
    const refusal = new GatewayError("not_permitted", "by a rule");
    for (const [id, name] of ["a", "b", "c", "d", 7].entries()) {
      await call(id, name);
    }
    const message = "no such tool";
    const answers = [
      { id: 3, ...Envelope.failure(3, refusal).message() },
      { id: 1, result: { content: [{ isError: true }], isError: false } },
      { id: 0, result: { isError: true, content: [] } },
      { id: 2, error: { code: -32602, message, data: { fault: "mine" } } },
      { id: 4, error: { code: -32602, message } },
    ];
    for (const answer of answers) peer.say(answer);
    for (const { id } of answers) {
      assert.equal((await client.next()).head.id, id);
    }
    assert.deepEqual(ends(), [
      "d refused",
      "b done",
      "a failed",
      "c failed",
      "(nameless) failed",
    ]);
    await client.channel.close();
  });

  it("finds out of a large answer whether it says that it is an error", async () => {
    const { peer, client, call, ends } = await begin();
    const text = `"isError":true,${"x".repeat(2 * OUTLINED_BYTES)}`;
    for (const [id, isError] of [true, false].entries()) {
      await call(id, "big");
      peer.say({ id, result: { content: [{ text }], isError } });
      await client.next();
    }
    assert.deepEqual(ends(), ["big failed", "big done"]);
    await client.channel.close();
  });

  it("tells of a call that was cancelled, and of those whose session ended", async () => {
    const { peer, client, calls, call, ends } = await begin();
    await call(1, "cancelled");
    const params = { requestId: 1 };
    await client.send({ method: "notifications/cancelled", params });
    await peer.hear();
    assert.deepEqual(ends(), ["cancelled unanswered"]);
    peer.say({ id: 1, result: {} });
    await client.next();
    await call(2, "left");
    await delay(PAUSE_MS);
    await client.channel.close();
    await client.channel.close();
    assert.deepEqual(ends(), ["cancelled unanswered", "left unanswered"]);
    const [, { durationMs, ...left }] = calls as [ToolCall, ToolCall];
    assert.ok(durationMs >= PAUSE_MS - 5, `${durationMs}`);
    assert.deepEqual(left, {
      server: "files",
      tool: "left",
      end: "unanswered",
    });
  });

  it("tells of nothing else", async () => {
    const { peer, client, calls } = await begin();
    await client.send({ id: 1, method: "tools/list" });
    peer.say({ id: 2, method: "tools/call", params: { name: "asked" } });
    peer.say({ id: 1, result: {} });
    await client.next();
    await client.next();
    await client.send({ id: 2, result: {} });
    await client.channel.close();
    assert.deepEqual(calls, []);
  });

  it("cuts a name that has no end", async () => {
    const { peer, client, calls, call } = await begin();
    await call(1, "😀".repeat(1_000));
    peer.say({ id: 1, result: {} });
    await client.next();
    assert.equal(calls[0]?.tool, "😀".repeat(64));
    await client.channel.close();
  });
});
