// How a supervised backend begins, dies before it has begun, and ends.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { OpenContext } from "../../lib/backend.ts";
import { supervised } from "../../lib/backends/supervised.ts";
import type { Channel } from "../../lib/channel/channel.ts";
import { Envelope } from "../../lib/channel/envelope.ts";
import { OUTLINED_BYTES } from "../../lib/channel/outline.ts";
import { Pipe } from "../../lib/channel/pipe.ts";
import { DEFAULT_LIMITS } from "../../lib/limits.ts";
import { BackendClient } from "../support/backend_client.ts";
import { logInto } from "../support/log_lines.ts";
import { MemoryChannel } from "../support/memory_channel.ts";
import { openContext } from "../support/open_context.ts";
import { ended, isRunning } from "../support/running.ts";
import { INITIALIZE, SupervisedClient } from "../support/supervised_client.ts";

const LIMIT = { timeout: 60_000 };
const MIB = 1024 * 1024;

/** A backend whose opening the test ends, with a note of how often it began. */
function fixture(limits = DEFAULT_LIMITS) {
  const opened = Promise.withResolvers<Channel>();
  const openings: OpenContext[] = [];
  const inner = {
    name: "one",
    open: (context: OpenContext) => {
      openings.push(context);
      return opened.promise;
    },
  };
  const context = openContext(undefined, limits);
  const backend = supervised(inner, logInto([]));
  const open = async () => new BackendClient(await backend.open(context));
  return { openings, opened, open, context };
}

/** A channel whose end takes as long as the test wants. */
function lingering(channel: Channel, close: () => Promise<void>): Channel {
  return {
    send: (envelope) => channel.send(envelope),
    close,
    [Symbol.asyncDispose]: close,
    [Symbol.asyncIterator]: () => channel[Symbol.asyncIterator](),
  };
}

/** An answer to `initialize` that is large, and no JSON within. */
const UNREADABLE = Envelope.skim(
  new TextEncoder().encode(
    `{"jsonrpc":"2.0","id":"init","result":{,"text":"${
      "x".repeat(OUTLINED_BYTES)
    }"}}`,
  ),
);

describe("a supervised backend", () => {
  it("that answers initialize with what cannot be read has not answered it", async () => {
    const { opened, open } = fixture();
    const said = new Pipe<Envelope>(1, () => 1);
    const inner = new MemoryChannel();
    opened.resolve({
      send: (envelope) => inner.send(envelope),
      close: () => inner.close(),
      [Symbol.asyncDispose]: () => inner.close(),
      [Symbol.asyncIterator]: () => said[Symbol.asyncIterator](),
    });
    const client = await open();
    await client.initialize();
    await inner.hear();
    await said.put(UNREADABLE);
    const { id, error } = (await client.next()).message();
    assert.equal(id, "init");
    assert.match(String(error?.message), /not JSON/);
    said.end();
    await client.channel.close();
  });

  it("is not opened before the first message, and hears all in order", async () => {
    const { openings, opened, open } = fixture();
    const client = await open();
    assert.equal(openings.length, 0);
    await client.send({ method: "x/hello" });
    await client.send({ id: 1, method: "x/ask" });
    const inner = new MemoryChannel();
    opened.resolve(inner);
    await client.send({ method: "x/more" });
    const heard = [await inner.hear(), await inner.hear(), await inner.hear()];
    const methods = heard.map((message) => message?.method);
    assert.deepEqual(methods, ["x/hello", "x/ask", "x/more"]);
    assert.equal(openings.length, 1);
    await client.channel.close();
    assert.ok(inner.closed);
  });

  it("gives up an opening that is under way when its channel is closed", async () => {
    const { openings, opened, open } = fixture();
    const client = await open();
    await client.send({ method: "x/hello" });
    await client.send({ method: "x/again" });
    openings[0]?.signal.addEventListener("abort", () => {
      opened.reject(new Error("given up"));
    });
    await client.channel.close();
    assert.equal(openings[0]?.signal.aborted, true);
    assert.equal(openings.length, 1);
  });

  it("closes what opens too late", async () => {
    const { openings, opened, open } = fixture();
    const client = await open();
    await client.send({ method: "x/hello" });
    // It takes a moment to begin.
    while (openings.length === 0) await Promise.resolve();
    const closed = client.channel.close();
    const inner = new MemoryChannel();
    opened.resolve(inner);
    await closed;
    assert.ok(inner.closed);
  });

  it("is given up when too much is sent before it has started", async () => {
    const limits = { ...DEFAULT_LIMITS, streamBytes: MIB };
    const { open, context } = fixture(limits);
    const client = await open();
    const params = { text: "x".repeat(MIB) };
    await client.send({ id: 1, method: "x/first", params });
    assert.ok(context.memory.used > MIB);
    await client.send({ id: 2, method: "x/second" });
    const answers = [await client.next(), await client.next()];
    assert.deepEqual(answers.map(({ head }) => head.id), [1, 2]);
    assert.equal(answers[0]?.tells?.fault, "backend_stalled");
    assert.equal(context.memory.used, 0);
  });

  it("is started again only when nothing is left of its last life", async () => {
    const left = Promise.withResolvers<void>();
    const lives: MemoryChannel[] = [];
    const inner = {
      name: "one",
      open: () => {
        const life = new MemoryChannel();
        lives.push(life);
        const close = () => left.promise;
        return Promise.resolve(
          lives.length > 1 ? life : lingering(life, close),
        );
      },
    };
    const backend = supervised(inner, logInto([]));
    const client = new BackendClient(await backend.open(openContext()));
    await client.send({ id: 1, method: "x/ask" });
    await lives[0]?.hear();
    lives[0]?.leave();
    assert.match(
      (await client.next()).tells?.message ?? "",
      /ended the session/,
    );
    await client.send({ id: 2, method: "x/ask" });
    await new Promise((go) => setTimeout(go));
    assert.equal(lives.length, 1);
    left.resolve();
    while (lives.length === 1) await new Promise((go) => setTimeout(go));
    assert.equal((await lives[1]?.hear())?.id, 2);
    await client.channel.close();
  });

  it("takes nothing and says nothing once it is closed, however often", async () => {
    const { opened, open, context } = fixture();
    const client = await open();
    const inner = new MemoryChannel();
    opened.resolve(inner);
    await client.initialize();
    inner.say({ id: "init", result: {} });
    await client.next();
    await client.send({ id: 1, method: "x/ask" });
    inner.say({ method: "x/late" });
    await Promise.all([client.channel.close(), client.channel.close()]);
    await assert.rejects(client.send({ method: "x/more" }), {
      fault: "backend_unavailable",
    });
    await assert.rejects(client.next(), /the channel has ended/);
    assert.equal(context.memory.used, 0);
  });

  it(
    "that dies before initialize is answered answers it with why, and can be tried again",
    LIMIT,
    async () => {
      await using client = await SupervisedClient.open();
      await client.say(INITIALIZE);
      await client.say({ method: "notifications/initialized" });
      const first = await client.puppets.life(1);
      await first.told("initialize");
      first.leave();
      const { error } = await client.answer(0);
      assert.match(error?.message ?? "", /^Server "files" exited with code 0/);
      await client.say(INITIALIZE.replace("0.0", "1"));
      const second = await client.puppets.life(2);
      await second.hello();
      assert.ok("result" in await client.answer(1));
      assert.deepEqual(second.methods, ["initialize"]);
      await client.say({ id: 2, method: "x/ask" });
      await second.answer("x/ask");
      assert.ok("result" in await client.answer(2));
    },
  );

  it(
    "that refuses initialize stays as it is, and may be asked again",
    LIMIT,
    async () => {
      await using client = await SupervisedClient.open();
      await client.say(INITIALIZE);
      const first = await client.puppets.life(1);
      await first.told("initialize");
      first.say({ id: 0, error: { code: -32602, message: "not today" } });
      assert.equal((await client.answer(0)).error?.message, "not today");
      await client.say(INITIALIZE.replace("0.0", '"again"'));
      await first.heard.until(
        "another initialize",
        ({ message }) => message.id === "again",
      );
      assert.equal(client.puppets.count, 1);
    },
  );

  it("leaves no child behind, living or dead", LIMIT, async () => {
    const { client } = await SupervisedClient.begin();
    await client.kill();
    await client.say({ id: 1, method: "x/ask" });
    await client.puppets.life(2);
    const [, second] = client.pids;
    assert.ok(isRunning(second as number));
    await client[Symbol.asyncDispose]();
    assert.equal(client.pids.length, 2);
    await Promise.all(client.pids.map(ended));
    assert.equal(await client.ended, undefined);
    assert.equal(client.context.memory.used, 0);
  });

  it("leaves none behind that is just being started", LIMIT, async () => {
    const { client } = await SupervisedClient.begin();
    await client.kill();
    await client.say({ id: 1, method: "x/ask" });
    await client[Symbol.asyncDispose]();
    await Promise.all(client.pids.map(ended));
    assert.deepEqual(client.texts.slice(1), []);
  });
});
