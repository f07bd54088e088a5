// A stream towards a client: kept alive while nothing is said, bounded, and aware of its reader.

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { Memory } from "../../../lib/channel/memory.ts";
import type { Peer } from "../../../lib/runtime/serve.ts";
import { Backlog } from "../../../lib/transports/client/backlog.ts";
import {
  EventStream,
  KEEP_ALIVE_MS,
} from "../../../lib/transports/client/event_stream.ts";
import { logInto } from "../../support/log_lines.ts";

const encoder = new TextEncoder();

/** A connection that notes what is done to its idle limit. */
class NotedPeer implements Peer {
  readonly address = "127.0.0.1";
  readonly done: string[] = [];
  hold(): void {
    this.done.push("hold");
  }
  release(): void {
    this.done.push("release");
  }
}

/** A stream of a session that nobody else uses. */
function open(peer: Peer = new NotedPeer()): EventStream {
  const memory = new Memory(4096);
  const log = logInto([]);
  return new EventStream(
    "GET",
    peer,
    new Backlog({ log, streamBytes: 1024, memory }),
  );
}

function event(data: string | Uint8Array) {
  const bytes = typeof data === "string" ? encoder.encode(data) : data;
  return { event: "message", data: bytes };
}

/** The texts of a response, as they come. */
function texts(response: Response): AsyncGenerator<string> {
  async function* read() {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      yield decoder.decode(chunk, { stream: true });
    }
  }
  return read();
}

describe("an event stream", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setInterval"] }));
  afterEach(() => mock.timers.reset());

  it("E-C-08: says something every 15 s while it is silent", async () => {
    const stream = open();
    const said = texts(stream.response());
    assert.equal((await said.next()).value, ": open\n\n");
    for (let beats = 0; beats < 3; beats++) {
      const next = said.next();
      mock.timers.tick(KEEP_ALIVE_MS);
      assert.equal((await next).value, ": keep-alive\n\n");
    }
    stream.end();
    assert.equal((await said.next()).done, true);
  });

  it("needs no keep-alive where an event was written meanwhile", async () => {
    const stream = open();
    const said = texts(stream.response());
    await said.next();
    stream.write(event("{}"));
    mock.timers.tick(KEEP_ALIVE_MS);
    stream.write(event("[]"));
    const { value } = await said.next();
    assert.equal(
      value,
      "event: message\ndata: {}\n\nevent: message\ndata: []\n\n",
      "and they travel together",
    );
    stream.end();
    assert.equal((await said.next()).done, true);
  });

  it("does not pile up keep-alives that nobody reads", async () => {
    const stream = open();
    const said = texts(stream.response());
    mock.timers.tick(100 * KEEP_ALIVE_MS);
    stream.end();
    let comments = 0;
    for await (const _text of said) comments++;
    assert.ok(comments <= 2, `${comments}`);
  });

  it("writes what is queued before it ends", async () => {
    const stream = open();
    stream.write({ id: "s1_0", data: new Uint8Array() });
    stream.write(event("1"));
    stream.end();
    assert.equal(stream.write(event("2")), false);
    const all = await stream.response().text();
    assert.equal(all, "id: s1_0\ndata: \n\nevent: message\ndata: 1\n\n");
    assert.equal(await stream.over, "ended");
  });

  it("writes a message with line breaks as one line", async () => {
    const stream = open();
    stream.write(event('{\r\n "a": 1\n}'));
    stream.end();
    const text = await stream.response().text();
    assert.equal(text, 'event: message\ndata: {   "a": 1 }\n\n');
  });

  it("is over when its reader leaves", async () => {
    const stream = open();
    const { body } = stream.response();
    const reader = body?.getReader();
    await reader?.read();
    await reader?.cancel();
    assert.equal(await stream.over, "reader_left");
    assert.equal(stream.write(event("1")), false);
  });

  it("lifts the idle limit of its connection, and puts it back at its end", async () => {
    const peer = new NotedPeer();
    const stream = open(peer);
    assert.deepEqual(peer.done, ["hold"]);
    stream.end();
    await stream.over;
    assert.deepEqual(peer.done, ["hold", "release"]);
  });
});
