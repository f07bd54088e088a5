// A Streamable HTTP session whose client does not read one of its streams: what that holds up, what it holds, and its end.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { LAST_PATIENCE_MS } from "../../../lib/transports/client/backlog.ts";
import { ChannelClient, envelope } from "../../support/channel_client.ts";
import { EventReader } from "../../support/event_reader.ts";

const KIB = 1024;
const LIMITS = { streamBytes: 64 * KIB, sessionBytes: 512 * KIB };
const REVISION = "2025-11-25";
/** The one revision with batches; it gives out no event ids. */
const WITH_BATCHES = "2025-03-26";
const SHORT_MS = 50;
/** More than a session may take to end, less than it would be patient. */
const PROMPTLY_MS = LAST_PATIENCE_MS + 2_000;

/** A notification of some KiB. */
function large(kib: number, method = "x/large") {
  return envelope({ method, params: { text: "x".repeat(kib * KIB) } });
}

function answer(id: number, kib = 0) {
  return envelope({ id, result: "x".repeat(kib * KIB) });
}

async function isHeldUp(sending: Promise<void>): Promise<boolean> {
  const over = sending.then(() => false, () => false);
  return await Promise.race([over, delay(SHORT_MS, true)]);
}

async function begin(revision = REVISION): Promise<ChannelClient> {
  return await ChannelClient.agreedOn(revision, LIMITS);
}

/** A session with a GET stream that is full and not read. */
async function withFullStream() {
  const client = await begin();
  const response = client.get();
  while (client.options.memory.used < LIMITS.streamBytes) {
    await client.channel.send(large(20));
  }
  return { client, response };
}

describe("a stream that is full", () => {
  it("holds up what is for it", async () => {
    const { client } = await withFullStream();
    const sending = client.channel.send(large(1));
    assert.equal(await isHeldUp(sending), true);
    await client.channel.close();
    await assert.rejects(sending, { fault: "client_gone" });
  });

  it("does not hold up the answer to a call", async () => {
    const { client } = await withFullStream();
    const calling = client.post({ id: 1, method: "x" });
    await client.channel.send(answer(1));
    assert.equal((await (await calling).json()).id, 1);
    await client.channel.close();
  });

  it("does not hold up what is said on the stream of a call", async () => {
    const { client } = await withFullStream();
    const calling = client.post({ id: 1, method: "x" }, "events");
    await client.channel.send(large(1, "x/of-the-call"));
    await client.channel.send(answer(1));
    const messages = await new EventReader(await calling).rest();
    assert.deepEqual(messages.map(({ id, method }) => method ?? id), [
      "x/of-the-call",
      1,
    ]);
    await client.channel.close();
  });

  it("does not keep a client from coming back for another one", async () => {
    const { client } = await withFullStream();
    const response = await client.post({ id: 1, method: "x" }, "events");
    const events = new EventReader(response);
    const priming = await events.next();
    await events.leave();
    await client.channel.send(answer(1));
    assert.equal((await client.listen(priming?.id).message()).id, 1);
    await client.channel.close();
  });

  it("does not hold up the end of its session", async () => {
    const { client, response } = await withFullStream();
    const sending = client.channel.send(large(1));
    const began = performance.now();
    client.channel.hangUp();
    await sending;
    assert.ok(performance.now() - began < PROMPTLY_MS);
    assert.equal(client.logged("Stream cut")[0]?.stream, "GET");
    await assert.rejects(response.text());
    await client.channel.close();
  });
});

describe("what a session holds", () => {
  it("is nothing once everything is read and it has ended", async () => {
    const client = await begin();
    const { memory } = client.options;
    const get = client.get();
    await client.channel.send(large(20));
    const calls = [1, 2].map((id) => client.post({ id, method: "x" }));
    const kept = await client.post({ id: 3, method: "x" }, "events");
    await client.channel.send(large(20));
    for (const id of [1, 2, 3]) await client.channel.send(answer(id, 100));
    assert.ok(memory.used > 300 * KIB, `${memory.used}`);
    await client.channel.close();
    const all = [get, kept, ...await Promise.all(calls)];
    for (const response of all) await response.bytes();
    assert.equal(memory.used, 0);
  });

  it("counts what is kept for clients that come back, and is bounded", async () => {
    const client = await begin();
    const { memory } = client.options;
    const calls = 40;
    for (let id = 1; id <= calls; id++) {
      const left = await client.post({ id, method: "x" }, "events");
      await left.body?.cancel();
    }
    for (let id = 1; id <= calls; id++) {
      await client.channel.send(answer(id, 30));
    }
    assert.ok(memory.used > LIMITS.sessionBytes / 4, `${memory.used}`);
    assert.ok(memory.used < LIMITS.sessionBytes, `${memory.used}`);
    assert.ok(client.logged("Answer discarded").length > 0);
    await client.channel.close();
    assert.equal(memory.used, 0);
  });

  it("does not grow with a client that comes back again and again without reading", async () => {
    const client = await begin();
    const { memory } = client.options;
    const response = await client.post({ id: 1, method: "x" }, "events");
    const events = new EventReader(response);
    const priming = await events.next();
    await events.leave();
    for (let n = 0; n < 10; n++) await client.channel.send(large(1));
    await client.channel.send(answer(1));
    const before = memory.used;
    const streams = Array.from({ length: 20 }, () => client.get(priming?.id));
    assert.ok(memory.used < 3 * before, `${memory.used}, before ${before}`);
    const last = streams.pop() as Response;
    assert.equal((await new EventReader(last).rest()).length, 11);
    for (const older of streams) await assert.rejects(older.text());
    await client.channel.close();
    assert.equal(memory.used, 0);
  });

  it("resumes a stream with all that is kept, however short its messages are", async () => {
    const client = await begin();
    const response = await client.post({ id: 1, method: "x" }, "events");
    const events = new EventReader(response);
    const priming = await events.next();
    await events.leave();
    for (let n = 0; n < 2_000; n++) {
      await client.channel.send(envelope({ method: "x" }));
    }
    await client.channel.send(answer(1, 2 * LIMITS.streamBytes / KIB));
    const messages = await client.listen(priming?.id).rest();
    assert.ok(messages.length > 100, `${messages.length}`);
    assert.equal(messages.at(-1)?.id, 1);
    assert.equal(client.logged("Stream resumed with a gap").length, 1);
    assert.equal(client.logged("Stream cut").length, 0);
    await client.channel.close();
  });
});

describe("answers to a batch that are too large to be collected", () => {
  const ids = [1, 2, 3];
  const batch = ids.map((id) => ({ id, method: "x" }));

  it("are streamed", async () => {
    const client = await begin(WITH_BATCHES);
    const calling = client.post(batch);
    for (const id of ids) await client.channel.send(answer(id, 50));
    const response = await calling;
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    const answers = await new EventReader(response).rest();
    assert.deepEqual(answers.map(({ id }) => id), ids);
    await client.channel.close();
    assert.equal(client.options.memory.used, 0);
  });

  it("are refused one by one where nothing but JSON is accepted, and the log says so", async () => {
    const client = await begin(WITH_BATCHES);
    const calling = client.post(batch, "json");
    for (const id of ids) await client.channel.send(answer(id, 50));
    const answers = await (await calling).json();
    const faults = answers.map((one: Record<string, never>) =>
      one.error?.["data"]?.["fault"]
    );
    assert.deepEqual(faults, [undefined, undefined, "overloaded"]);
    assert.equal(client.logged("Answer discarded")[0]?.limit, "streamBuffer");
    await client.channel.close();
    assert.equal(client.options.memory.used, 0);
  });

  it("are bounded together, however many batches wait for the rest", async () => {
    const client = await begin(WITH_BATCHES);
    const calling = Array.from({ length: 30 }, (_, at) => {
      const pair = [2 * at, 2 * at + 1].map((id) => ({ id, method: "x" }));
      return client.post(pair, "json");
    });
    for (let at = 0; at < 30; at++) {
      await client.channel.send(answer(2 * at, 50));
    }
    const { used } = client.options.memory;
    assert.ok(used < LIMITS.sessionBytes + 60 * KIB, `${used}`);
    assert.equal(
      client.logged("Answer discarded").at(-1)?.limit,
      "sessionBuffer",
    );
    client.leaving.abort();
    await Promise.all(calling);
    await client.channel.close();
    assert.equal(client.options.memory.used, 0);
  });

  it("are forgotten when the client leaves", async () => {
    const client = await begin(WITH_BATCHES);
    const calling = client.post(batch, "json");
    await client.channel.send(answer(1, 50));
    client.leaving.abort();
    await calling;
    await client.channel.close();
    assert.equal(client.options.memory.used, 0);
  });
});
