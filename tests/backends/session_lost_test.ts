// A backend that says it has not run a request: the one case in which a request is sent again.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { supervised } from "../../lib/backends/supervised.ts";
import { timed } from "../../lib/backends/timed.ts";
import { SessionLost } from "../../lib/channel/session_lost.ts";
import { DEFAULT_LIMITS } from "../../lib/limits.ts";
import type { Limits } from "../../lib/limits.ts";
import type { RequestId } from "../../lib/protocol/messages.ts";
import { BackendClient } from "../support/backend_client.ts";
import { logInto } from "../support/log_lines.ts";
import { MemoryChannel } from "../support/memory_channel.ts";
import { openContext } from "../support/open_context.ts";

const NEVER_MS = 60_000;
const TIMEOUTS = {
  openMs: NEVER_MS,
  requestMs: NEVER_MS,
  requestMaxMs: NEVER_MS,
};
const HELLO = { protocolVersion: "2025-11-25", capabilities: {} };

function lost(refused?: RequestId): SessionLost {
  return new SessionLost('Server "far" has ended its session', {}, refused);
}

/** A client that has shaken hands with the first of the lives that the test plays. */
async function begin(limits: Partial<Limits> = {}) {
  const lives: MemoryChannel[] = [];
  const inner = {
    name: "far",
    open: () => {
      const life = new MemoryChannel();
      lives.push(life);
      return Promise.resolve(life);
    },
  };
  const context = openContext(undefined, { ...DEFAULT_LIMITS, ...limits });
  const backend = supervised(timed(inner, TIMEOUTS), logInto([]));
  const client = new BackendClient(await backend.open(context));
  await client.initialize();
  const first = lives[0] as MemoryChannel;
  await first.hear();
  first.say({ id: "init", result: HELLO });
  await client.next();
  await client.send({ method: "notifications/initialized" });
  await first.hear();
  return { client, context, first, lives };
}

/** The next life, once it has been asked to shake hands; it does. */
async function nextLife(lives: readonly MemoryChannel[], number: number) {
  while (lives.length < number) await new Promise((go) => setTimeout(go));
  const life = lives[number - 1] as MemoryChannel;
  assert.equal((await life.hear())?.method, "initialize");
  life.say({ id: "init", result: HELLO });
  assert.equal((await life.hear())?.method, "notifications/initialized");
  return life;
}

describe("a backend that has lost its session", () => {
  it("is opened again for the request it refused; the others are answered with an error", async () => {
    const { client, first, lives } = await begin();
    const params = { ü: "bytes" };
    await client.send({ id: 1, method: "x/other" });
    await client.send({ id: 2, method: "x/refused", params });
    await client.send({ id: 3, method: "x/another" });
    first.leave(lost(2));
    for (const id of [1, 3]) {
      const { head, tells } = await client.next();
      assert.equal(head.id, id);
      assert.equal(tells?.fault, "backend_unavailable");
    }
    const second = await nextLife(lives, 2);
    const repeated = await second.hear();
    assert.equal(repeated?.id, 2);
    assert.deepEqual(repeated?.params, params);
    await client.send({ id: 4, method: "x/next" });
    assert.equal((await second.hear())?.id, 4);
    second.say({ id: 2, result: {} });
    assert.equal((await client.next()).head.id, 2);
    await client.channel.close();
  });

  it("does not get the same request a third time", async () => {
    const { client, first, lives } = await begin();
    await client.send({ id: 1, method: "x/refused" });
    first.leave(lost(1));
    const second = await nextLife(lives, 2);
    assert.equal((await second.hear())?.id, 1);
    second.leave(lost(1));
    const { head, tells } = await client.next();
    assert.equal(head.id, 1);
    assert.match(tells?.message ?? "", /has ended its session/);
    assert.equal(lives.length, 2);
    await client.channel.close();
  });

  it("is not asked again what it did not refuse", async () => {
    const { client, first, lives } = await begin();
    await client.send({ id: 1, method: "x/open" });
    first.leave(lost());
    assert.equal((await client.next()).head.id, 1);
    await client.send({ id: 2, method: "x/next" });
    const second = await nextLife(lives, 2);
    assert.equal((await second.hear())?.id, 2);
    await client.channel.close();
  });

  it("is not asked again what there was no room to keep", async () => {
    const streamBytes = 1_000;
    const { client, context, first, lives } = await begin({ streamBytes });
    const params = { text: "x".repeat(streamBytes) };
    await client.send({ id: 1, method: "x/kept", params });
    const used = context.memory.used;
    assert.ok(used > streamBytes);
    await client.send({ id: 2, method: "x/not_kept", params });
    assert.equal(context.memory.used, used);
    first.leave(lost(2));
    for (const id of [1, 2]) assert.equal((await client.next()).head.id, id);
    assert.equal(lives.length, 1);
    await client.channel.close();
    assert.equal(context.memory.used, 0);
  });

  it("is not told to restore what its predecessor never answered", async () => {
    const { client, first, lives } = await begin();
    const params = { uri: "a:" };
    await client.send({ id: 1, method: "resources/subscribe", params });
    await client.send({ id: 2, method: "x/refused" });
    first.leave(lost(2));
    assert.equal((await client.next()).head.id, 1);
    const second = await nextLife(lives, 2);
    assert.equal((await second.hear())?.id, 2);
    // The id of the subscription is used again, and answered with a result.
    await client.send({ id: 1, method: "x/other" });
    assert.equal((await second.hear())?.id, 1);
    second.say({ id: 1, result: {} });
    await client.next();
    await client.send({ id: 3, method: "x/refused" });
    second.leave(lost(3));
    assert.equal((await client.next()).head.id, 2);
    const third = await nextLife(lives, 3);
    assert.equal((await third.hear())?.id, 3);
    await client.channel.close();
  });

  it("is told to restore what was agreed on by the request that was sent again", async () => {
    const { client, first, lives } = await begin();
    const params = { uri: "a:" };
    await client.send({ id: 1, method: "resources/subscribe", params });
    first.leave(lost(1));
    const second = await nextLife(lives, 2);
    assert.equal((await second.hear())?.id, 1);
    second.say({ id: 1, result: {} });
    assert.equal((await client.next()).head.id, 1);
    await client.send({ id: 2, method: "x/refused" });
    second.leave(lost(2));
    const third = await nextLife(lives, 3);
    const restored = await third.hear();
    assert.equal(restored?.method, "resources/subscribe");
    assert.deepEqual(restored?.params, params);
    await client.channel.close();
  });

  it("holds nothing of a request that was answered or cancelled", async () => {
    const { client, context, first } = await begin();
    const before = context.memory.used;
    await client.send({ id: 1, method: "x/ask" });
    await client.send({ id: 2, method: "x/ask" });
    assert.ok(context.memory.used > before);
    first.say({ id: 1, result: {} });
    await client.next();
    const params = { requestId: 2 };
    await client.send({ method: "notifications/cancelled", params });
    assert.equal(context.memory.used, before);
    await client.channel.close();
  });
});
