import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { timed } from "../../lib/backends/timed.ts";
import { BackendClient } from "../support/backend_client.ts";
import { MemoryChannel } from "../support/memory_channel.ts";

const LIMIT_MS = 400;
const HALF_MS = 200;
const NEVER_MS = 60_000;

async function begin(
  openMs: number,
  requestMs: number,
  requestMaxMs = NEVER_MS,
) {
  const peer = new MemoryChannel();
  const inner = { name: "slow", open: () => Promise.resolve(peer) };
  const timeouts = { openMs, requestMs, requestMaxMs };
  const client = await BackendClient.open(timed(inner, timeouts));
  return { peer, client };
}

describe("a timed backend", () => {
  it("that does not start in time cannot be opened", async () => {
    const backend = timed({
      name: "slow",
      open: async ({ signal }) => {
        await delay(NEVER_MS, undefined, { signal });
        return new MemoryChannel();
      },
    }, { openMs: HALF_MS, requestMs: NEVER_MS, requestMaxMs: NEVER_MS });
    await assert.rejects(BackendClient.open(backend), {
      fault: "backend_timeout",
      message: 'Server "slow" did not start within 0.2 s',
    });
  });

  it("that does not answer the handshake in time breaks the channel", async () => {
    const { peer, client } = await begin(HALF_MS, NEVER_MS);
    await client.initialize();
    await assert.rejects(client.next(), {
      fault: "backend_timeout",
      message: 'Server "slow" did not answer initialize within 0.2 s',
    });
    assert.ok(peer.closed);
    await client.channel.close();
  });

  it("that fails while opening tells its own failure", async () => {
    const backend = timed({
      name: "slow",
      open: () => Promise.reject(new Error("its own")),
    }, { openMs: NEVER_MS, requestMs: NEVER_MS, requestMaxMs: NEVER_MS });
    await assert.rejects(BackendClient.open(backend), /its own/);
  });

  it("has a request answered and cancelled when its time is over, and goes on", async () => {
    const { peer, client } = await begin(NEVER_MS, HALF_MS);
    const { error } = await client.ask("slow", 7);
    assert.deepEqual(error, {
      code: -32603,
      message: 'Server "slow" did not answer within 0.2 s',
      data: { fault: "backend_timeout" },
    });
    assert.equal((await peer.hear())?.id, 7);
    const cancelled = await peer.hear();
    assert.equal(cancelled?.method, "notifications/cancelled");
    assert.equal(cancelled?.params?.requestId, 7);
    peer.say({ id: 7, result: { late: true } });
    peer.say({ method: "after" });
    assert.equal((await client.next()).head.method, "after");
    await client.channel.close();
  });

  it("gets the whole time again with each sign of progress", async () => {
    const { peer, client } = await begin(NEVER_MS, LIMIT_MS);
    const params = { _meta: { progressToken: 1 } };
    await client.send({ id: "1", method: "long", params });
    for (let progress = 0; progress < 3; progress++) {
      await delay(HALF_MS);
      peer.say({
        method: "notifications/progress",
        params: { progressToken: 1, progress },
      });
      assert.equal((await client.next()).head.method, "notifications/progress");
    }
    peer.say({ id: "1", result: {} });
    assert.ok("result" in (await client.next()).message());
    await client.channel.close();
  });

  it("has no time run while it waits for the client itself", async () => {
    const { peer, client } = await begin(NEVER_MS, LIMIT_MS);
    await client.send({ id: 1, method: "asks" });
    peer.say({ id: "q", method: "elicitation/create" });
    assert.equal((await client.next()).head.id, "q");
    await delay(LIMIT_MS + HALF_MS);
    await client.send({ id: "q", result: {} });
    peer.say({ id: 1, result: {} });
    assert.ok("result" in (await client.next()).message());
    await client.send({ id: 2, method: "slow" });
    assert.ok("error" in (await client.next()).message());
    await client.channel.close();
  });

  it("is not waited for beyond the longest time, whatever progress there is", async () => {
    const { peer, client } = await begin(NEVER_MS, NEVER_MS, HALF_MS);
    const params = { _meta: { progressToken: 1 } };
    await client.send({ id: 1, method: "long", params });
    await delay(HALF_MS / 2);
    peer.say({
      method: "notifications/progress",
      params: { progressToken: 1, progress: 1 },
    });
    assert.equal((await client.next()).head.method, "notifications/progress");
    const { error } = (await client.next()).message();
    assert.deepEqual(error, {
      code: -32603,
      message:
        'Server "slow" did not answer within 0.2 s, the longest that any request may take',
      data: { fault: "backend_timeout" },
    });
    assert.equal((await peer.hear())?.id, 1);
    const cancelled = await peer.hear();
    assert.equal(cancelled?.method, "notifications/cancelled");
    assert.equal(cancelled?.params?.requestId, 1);
    peer.say({ id: 1, result: { late: true } });
    peer.say({ method: "after" });
    assert.equal((await client.next()).head.method, "after");
    await client.channel.close();
  });

  it("is not waited for beyond the longest time while it waits for the client either", async () => {
    const { peer, client } = await begin(NEVER_MS, HALF_MS, LIMIT_MS);
    await client.send({ id: 1, method: "asks" });
    peer.say({ id: "q", method: "elicitation/create" });
    assert.equal((await client.next()).head.id, "q");
    const began = performance.now();
    assert.ok("error" in (await client.next()).message());
    const waitedMs = performance.now() - began;
    assert.ok(waitedMs > HALF_MS + HALF_MS / 2, `${waitedMs} ms`);
    await client.channel.close();
  });

  it("has the longest time of a request end with its answer", async () => {
    const { peer, client } = await begin(NEVER_MS, NEVER_MS, HALF_MS);
    await client.send({ id: 1, method: "quick" });
    peer.say({ id: 1, result: {} });
    assert.ok("result" in (await client.next()).message());
    await peer.hear();
    await delay(LIMIT_MS);
    peer.say({ method: "after" });
    assert.equal((await client.next()).head.method, "after");
    await client.send({ method: "x/marker" });
    assert.equal((await peer.hear())?.method, "x/marker");
    await client.channel.close();
  });

  it("has its time run on once it takes its question back", async () => {
    const { peer, client } = await begin(NEVER_MS, LIMIT_MS);
    await client.send({ id: 1, method: "asks" });
    peer.say({ id: "q", method: "elicitation/create" });
    await client.next();
    peer.say({ method: "notifications/cancelled", params: { requestId: "q" } });
    await client.next();
    assert.ok("error" in (await client.next()).message());
    await client.channel.close();
  });

  it("is not answered for once the client has cancelled", async () => {
    const { peer, client } = await begin(NEVER_MS, HALF_MS);
    await client.send({ id: 1, method: "slow" });
    await client.send({
      method: "notifications/cancelled",
      params: { requestId: 1 },
    });
    await delay(LIMIT_MS);
    peer.say({ method: "after" });
    assert.equal((await client.next()).head.method, "after");
    await client.channel.close();
  });

  it("passes on how its channel ended", async () => {
    const { peer, client } = await begin(NEVER_MS, NEVER_MS);
    peer.leave(new Error("broken"));
    await assert.rejects(client.next(), { cause: new Error("broken") });
    const other = await begin(NEVER_MS, NEVER_MS);
    other.peer.leave();
    await assert.rejects(other.client.next(), /the channel has ended/);
  });
});
