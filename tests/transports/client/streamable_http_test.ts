// The channel of a Streamable HTTP session: what becomes of answers and messages that nobody takes.

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { Envelope } from "../../../lib/channel/envelope.ts";
import { MAX_ROUTE_BYTES } from "../../../lib/channel/limits.ts";
import type { Message } from "../../../lib/protocol/messages.ts";
import type { Peer } from "../../../lib/runtime/serve.ts";
import { HELD_MS } from "../../../lib/transports/client/held_messages.ts";
import { KEPT_MS } from "../../../lib/transports/client/kept_answers.ts";
import { StreamableHttpChannel } from "../../../lib/transports/client/streamable_http.ts";
import { EventReader } from "../../support/event_reader.ts";
import { logInto } from "../../support/log_lines.ts";
import type { LogLine } from "../../support/log_lines.ts";

const MIB = 1024 * 1024;

function envelope(message: Omit<Message, "jsonrpc">): Envelope {
  return Envelope.of({ jsonrpc: "2.0", ...message });
}

/** A session that has agreed on `revision`, with its log, and a client that can leave. */
class Fixture {
  readonly lines: LogLine[] = [];
  readonly channel = new StreamableHttpChannel(logInto(this.lines));
  readonly leaving = new AbortController();
  /** What was done to the idle limit of the client's connection. */
  readonly limit: string[] = [];
  readonly #peer: Peer = {
    address: "127.0.0.1",
    hold: () => void this.limit.push("hold"),
    release: () => void this.limit.push("release"),
  };

  static async agreedOn(revision: string): Promise<Fixture> {
    const fixture = new Fixture();
    const begun = fixture.post({ id: 0, method: "initialize" });
    const result = { protocolVersion: revision };
    await fixture.channel.send(envelope({ id: 0, result }));
    await begun;
    fixture.limit.length = 0;
    return fixture;
  }

  post(message: Omit<Message, "jsonrpc">, accept = "any"): Promise<Response> {
    return this.channel.post({
      envelopes: [envelope(message)],
      form: "single",
      accepts: { json: accept !== "events", events: accept !== "json" },
      peer: this.#peer,
      signal: this.leaving.signal,
    });
  }

  listen(lastEventId?: string): EventReader {
    const stream = this.channel.listen(lastEventId, this.#peer);
    return new EventReader(stream.response());
  }

  logged(msg: string): LogLine[] {
    return this.lines.filter((line) => line.msg === msg);
  }
}

describe("what a Streamable HTTP client does not take", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  it("L-C-11: the answer to a client that left untold is discarded, and the log says so", async () => {
    const session = await Fixture.agreedOn("2025-11-25");
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
    const session = await Fixture.agreedOn("2025-11-25");
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

  it("a request of the server that no stream takes in time is answered for the client", async () => {
    const session = await Fixture.agreedOn("2025-11-25");
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
    const session = await Fixture.agreedOn("2025-11-25");
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
    const session = await Fixture.agreedOn("2025-11-25");
    const call = session.post({ id: 9, method: "x" });
    await session.channel.close();
    const answer = await (await call).json();
    assert.equal(answer.id, 9);
    assert.equal(answer.error.data.fault, "client_gone");
  });

  it("what waits for a stream is bounded in bytes: the oldest goes first", async () => {
    const session = await Fixture.agreedOn("2025-11-25");
    const count = 2 * MAX_ROUTE_BYTES / MIB;
    for (let at = 0; at < count; at++) {
      const params = { at, text: "x".repeat(MIB) };
      await session.channel.send(envelope({ method: "x/big", params }));
    }
    const dropped = session.logged("Message dropped").length;
    assert.ok(dropped >= count / 2, `${dropped} of ${count}`);
    const first = await session.listen().message();
    assert.equal(first.params?.at, dropped);
    await session.channel.close();
  });
});

describe("the idle limit of a client's connection", () => {
  it("is put back when the answer is JSON, a stream, or none at all", async () => {
    const session = await Fixture.agreedOn("2025-06-18");
    const taken = [];
    for (const accept of ["json", "events"]) {
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
