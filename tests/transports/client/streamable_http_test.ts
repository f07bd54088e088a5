// The channel of a Streamable HTTP session: what becomes of answers and messages that nobody takes.

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { DEFAULT_LIMITS } from "../../../lib/limits.ts";
import { HELD_MS } from "../../../lib/transports/client/held_messages.ts";
import { KEPT_MS } from "../../../lib/transports/client/kept_answers.ts";
import { ChannelClient, envelope } from "../../support/channel_client.ts";
import { EventReader } from "../../support/event_reader.ts";

const MIB = 1024 * 1024;

describe("what a Streamable HTTP client does not take", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  it("L-C-11: the answer to a client that left untold is discarded, and the log says so", async () => {
    const session = await ChannelClient.agreedOn("2025-11-25");
    const response = session.post({ id: 1, method: "x" });
    session.leaving.abort();
    await response;
    assert.equal(session.channel.openCalls, 1, "the call goes on");
    await session.channel.send(envelope({ id: 1, result: {} }));
    assert.equal(session.channel.openCalls, 0);
    assert.equal(session.logged("Answer discarded").length, 1);
    await session.channel.close();
  });

  it("L-C-11: an answer kept for a client that does not come back is discarded in the end", async () => {
    const session = await ChannelClient.agreedOn("2025-11-25");
    const response = await session.post({ id: 1, method: "x" }, "events");
    const events = new EventReader(response);
    const priming = await events.next();
    await events.leave();
    await session.channel.send(envelope({ id: 1, result: 7 }));
    mock.timers.tick(KEPT_MS - 1);
    const again = session.listen(priming?.id);
    assert.equal((await again.message()).result, 7);
    assert.deepEqual(session.logged("Answer discarded"), []);
    const other = await session.post({ id: 2, method: "x" }, "events");
    const others = new EventReader(other);
    await others.next();
    await others.leave();
    await session.channel.send(envelope({ id: 2, result: 8 }));
    mock.timers.tick(KEPT_MS);
    assert.equal(session.logged("Answer discarded").length, 1);
    await session.channel.close();
  });

  for (const form of ["json", "events"] as const) {
    it(`a batch that was never carried on is answered at the end of the session, each of its requests (${form})`, async () => {
      const session = await ChannelClient.agreedOn("2025-03-26");
      const batch = [{ id: 1, method: "x" }, { id: 2, method: "y" }];
      const posted = session.post(batch, form);
      await session.channel.close();
      const response = await posted;
      assert.equal(response.status, 200);
      const answers = form === "json"
        ? await response.json()
        : await new EventReader(response).rest();
      const ids = answers.map(({ id }: { id: number }) => id);
      assert.deepEqual(ids, [1, 2]);
    });
  }

  it("a request of the server that no stream takes in time is answered for the client", async () => {
    const session = await ChannelClient.agreedOn("2025-11-25");
    await session.channel.send(envelope({ id: "q", method: "roots/list" }));
    await session.channel.send(envelope({ method: "x/news" }));
    mock.timers.tick(HELD_MS);
    assert.equal(session.logged("Message dropped").length, 2);
    const said = session.channel[Symbol.asyncIterator]();
    await said.next();
    const { value } = await said.next();
    assert.equal(value.head.id, "q");
    assert.equal(value.message().error?.code, -32603);
    await session.channel.close();
  });

  it("what waits for a stream does not wait longer because the client goes on calling", async () => {
    const session = await ChannelClient.agreedOn("2025-11-25");
    await session.channel.send(envelope({ id: "q", method: "roots/list" }));
    mock.timers.tick(HELD_MS - 1);
    const call = session.post({ id: 1, method: "x" }, "json");
    mock.timers.tick(1);
    assert.equal(session.logged("Message dropped").length, 1);
    await session.channel.send(envelope({ id: 1, result: {} }));
    await call;
    await session.channel.close();
  });

  it("a request that was never carried on is answered at the end of the session", async () => {
    const session = await ChannelClient.agreedOn("2025-11-25");
    const call = session.post({ id: 9, method: "x" });
    await session.channel.close();
    const answer = await (await call).json();
    assert.equal(answer.id, 9);
    assert.equal(answer.error.data.fault, "client_gone");
  });

  it("what waits for a stream is bounded in bytes: the oldest goes first", async () => {
    const session = await ChannelClient.agreedOn("2025-11-25");
    const fits = DEFAULT_LIMITS.streamBytes / MIB;
    const count = fits + 5;
    for (let at = 0; at < count; at++) {
      const params = { at, text: "x".repeat(MIB) };
      await session.channel.send(envelope({ method: "x/big", params }));
    }
    const dropped = session.logged("Message dropped").length;
    assert.ok(dropped >= count - fits, `${dropped} of ${count}`);
    const first = await session.listen().message();
    assert.equal(first.params?.at, dropped);
    await session.channel.close();
  });
});

describe("the idle limit of a client's connection", () => {
  it("is put back when the answer is JSON, a stream, or none at all", async () => {
    const session = await ChannelClient.agreedOn("2025-06-18");
    const taken = [];
    for (const accept of ["json", "events"] as const) {
      const response = session.post({ id: accept, method: "x" }, accept);
      await session.channel.send(envelope({ id: accept, result: 1 }));
      await (await response).text();
      taken.push(session.limit.splice(0).at(-1));
    }
    const cancelled = session.post({ id: 3, method: "x" });
    const params = { requestId: 3 };
    await session.post({ method: "notifications/cancelled", params });
    assert.equal((await cancelled).status, 202);
    taken.push(session.limit.splice(0).at(-1));
    assert.deepEqual(taken, ["release", "release", "release"]);
    await session.channel.close();
  });
});
