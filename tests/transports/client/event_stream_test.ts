// A stream towards a client: kept alive while nothing is said, bounded, and aware of its reader.

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { MAX_ROUTE_BYTES } from "../../../lib/channel/limits.ts";
import type { Peer } from "../../../lib/runtime/serve.ts";
import {
  EventStream,
  KEEP_ALIVE_MS,
} from "../../../lib/transports/client/event_stream.ts";

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
    const stream = new EventStream(new NotedPeer());
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
    const stream = new EventStream(new NotedPeer());
    const said = texts(stream.response());
    await said.next();
    stream.write(event("{}"));
    mock.timers.tick(KEEP_ALIVE_MS);
    stream.write(event("[]"));
    assert.equal((await said.next()).value, "event: message\ndata: {}\n\n");
    assert.equal((await said.next()).value, "event: message\ndata: []\n\n");
    stream.end();
    assert.equal((await said.next()).done, true);
  });

  it("does not pile up keep-alives that nobody reads", async () => {
    const stream = new EventStream(new NotedPeer());
    const said = texts(stream.response());
    mock.timers.tick(100 * KEEP_ALIVE_MS);
    stream.end();
    let comments = 0;
    for await (const _text of said) comments++;
    assert.ok(comments <= 2, `${comments}`);
  });

  it("writes what is queued before it ends", async () => {
    const stream = new EventStream(new NotedPeer());
    stream.write({ id: "s1_0", data: new Uint8Array() });
    stream.write(event("1"));
    stream.end();
    assert.equal(stream.write(event("2")), false);
    const all = await stream.response().text();
    assert.equal(all, "id: s1_0\ndata: \n\nevent: message\ndata: 1\n\n");
    assert.equal(await stream.over, "ended");
  });

  it("writes a message with line breaks as one line", async () => {
    const stream = new EventStream(new NotedPeer());
    stream.write(event('{\r\n "a": 1\n}'));
    stream.end();
    const text = await stream.response().text();
    assert.equal(text, 'event: message\ndata: {   "a": 1 }\n\n');
  });

  it("is cut, with a reason, when its reader does not read", async () => {
    const stream = new EventStream(new NotedPeer());
    const body = stream.response();
    const mib = new Uint8Array(1024 * 1024).fill(32);
    let written = 0;
    while (stream.write(event(mib))) written++;
    assert.ok(written * mib.length >= MAX_ROUTE_BYTES - mib.length);
    assert.ok(written * mib.length <= MAX_ROUTE_BYTES + mib.length);
    assert.equal(await stream.over, "reader_stalled");
    assert.equal(stream.open, false);
    assert.equal((await body.text()).length, 0, "nothing half said");
  });

  it("is over when its reader leaves", async () => {
    const stream = new EventStream(new NotedPeer());
    const { body } = stream.response();
    const reader = body?.getReader();
    await reader?.read();
    await reader?.cancel();
    assert.equal(await stream.over, "reader_left");
    assert.equal(stream.write(event("1")), false);
  });

  it("lifts the idle limit of its connection, and puts it back at its end", () => {
    const peer = new NotedPeer();
    const stream = new EventStream(peer);
    assert.deepEqual(peer.done, ["hold"]);
    stream.end();
    assert.deepEqual(peer.done, ["hold", "release"]);
  });
});
