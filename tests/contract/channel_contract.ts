// The rules of a channel (docs/architecture.md), run against every transport.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Channel } from "../../lib/channel/channel.ts";
import { Envelope } from "../../lib/channel/envelope.ts";
import { GatewayError } from "../../lib/errors.ts";
import type { Fault } from "../../lib/errors.ts";

/** The real other end of a channel, in the hands of the test. */
export interface ContractPeer extends AsyncDisposable {
  /** The next JSON text that reaches the peer; a handshake is not among them. */
  hear(): Promise<string>;
  /** Says one JSON text: an answer where its request can get it, anything else where it belongs to no request. */
  say(json: string): Promise<void>;
  /** Ends the conversation from its side. */
  leave(): void;
  /** Reads nothing more of what is sent to it, without leaving. Absent: the transport cannot notice. */
  stopReading?(): void;
}

/** A fresh conversation. */
export interface ContractSubject {
  readonly channel: Channel;
  readonly peer: ContractPeer;
}

/** What a transport has to show. */
export interface ChannelContract {
  /** Begins a conversation, handshake included. */
  open(): Promise<ContractSubject>;
  /** What happens to a peer that says more than is taken; absent: it is refused by means of the transport. */
  readonly onFlood?: "waits";
  /** How iterating ends when the peer leaves; `answers`: not at all, but what is open is answered with an error. */
  readonly onLeave: "returns" | "throws" | "answers";
  /** The fault of a route that is cut because its reader has stopped. */
  readonly onStall?: Fault;
}

const MANY = 200;
const LARGE_BYTES = 20 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
/** Above every bound of a route, system buffers included. */
const STALLING_CHUNKS = 64;
/** Long enough to carry everything, if nothing held it up. */
const WAIT_MS = 1_000;
const STALL_TEST_LIMIT_MS = 15_000;

/** Registers the rules for one transport. */
export function channelContract(
  transport: string,
  contract: ChannelContract,
): void {
  describe(`a channel over ${transport}`, () => {
    describe("carries", () => registerCarrying(contract));
    describe("ends", () => registerEnding(contract));
  });
}

function registerCarrying({ open, onFlood }: ChannelContract): void {
  it("what the peer says, byte for byte", async () => {
    await using subject = await begin(open);
    const text = '{ "method":"x/y","jsonrpc":"2.0","new":[1.0,"é\\u00e9"]}';
    await subject.peer.say(text);
    assert.equal(textOf(await subject.next()), text);
  });

  it("what is sent, byte for byte", async () => {
    await using subject = await begin(open);
    const text = '{ "method":"x/y","jsonrpc":"2.0","new":[1.0,"é\\u00e9"]}';
    await subject.channel.send(Envelope.read(new TextEncoder().encode(text)));
    assert.equal(await subject.peer.hear(), text);
  });

  it("an answer to its request", async () => {
    await using subject = await begin(open);
    await subject.channel.send(request("question"));
    await subject.peer.hear();
    await subject.peer.say('{"jsonrpc":"2.0","id":"question","result":{}}');
    assert.deepEqual((await subject.next()).head, {
      kind: "response",
      id: "question",
      failed: false,
    });
  });

  it("messages in their order, both ways", async () => {
    await using subject = await begin(open);
    const heard: unknown[] = [];
    const said: unknown[] = [];
    for (let n = 0; n < MANY; n++) {
      await subject.channel.send(notification(n));
      await subject.peer.say(textOf(notification(n)));
    }
    for (let n = 0; n < MANY; n++) {
      heard.push(JSON.parse(await subject.peer.hear()).params.n);
      said.push((await subject.next()).message().params?.n);
    }
    const expected = Array.from({ length: MANY }, (_, n) => n);
    assert.deepEqual({ heard, said }, { heard: expected, said: expected });
  });

  it("what follows a request that is not answered yet", async () => {
    await using subject = await begin(open);
    await subject.channel.send(request("slow"));
    assert.equal(JSON.parse(await subject.peer.hear()).id, "slow");
    await subject.channel.send(notification(1));
    assert.equal(JSON.parse(await subject.peer.hear()).params.n, 1);
  });

  it("messages of 20 MiB, both ways", async () => {
    await using subject = await begin(open);
    const large = notification("x".repeat(LARGE_BYTES));
    await subject.channel.send(large);
    assert.equal((await subject.peer.hear()).length, large.bytes.length);
    await subject.peer.say(textOf(large));
    assert.equal((await subject.next()).bytes.length, large.bytes.length);
  });

  if (!onFlood) return;
  it("no more than fits: a peer that floods has to wait", async () => {
    await using subject = await begin(open);
    const chunk = textOf(notification("x".repeat(CHUNK_BYTES)));
    const said = Array.from(
      { length: STALLING_CHUNKS },
      () => subject.peer.say(chunk),
    );
    const wait = delay(WAIT_MS, "waits");
    assert.equal(await Promise.race([Promise.all(said), wait]), "waits");
    for (let n = 0; n < STALLING_CHUNKS; n++) await subject.next();
    await Promise.all(said);
  });
}

function registerEnding(contract: ChannelContract): void {
  const { open, onLeave, onStall } = contract;

  it("with its close: nothing more is yielded or sent", async () => {
    await using subject = await begin(open);
    await subject.channel.send(notification(1));
    await subject.peer.hear();
    await subject.channel.close();
    await subject.peer.say(textOf(notification(2))).catch(() => {
      // The peer may notice that nobody is there.
    });
    assert.deepEqual(await subject.iterator.next(), {
      done: true,
      value: undefined,
    });
    await assert.rejects(subject.channel.send(notification(3)), GatewayError);
  });

  it("once, however often it is closed", async () => {
    await using subject = await begin(open);
    await Promise.all([subject.channel.close(), subject.channel.close()]);
    await subject.channel.close(new Error("again"));
  });

  it(`when the peer leaves: iterating ${onLeave}`, async () => {
    await using subject = await begin(open);
    await subject.channel.send(request("open"));
    await subject.peer.hear();
    subject.peer.leave();
    if (onLeave === "answers") return await subject.failureOf("open");
    const end = subject.drain();
    if (onLeave === "returns") return await end;
    await assert.rejects(end, GatewayError);
    await assert.rejects(subject.channel.send(notification(1)), GatewayError);
  });

  if (!onStall) return;
  const slow = { timeout: STALL_TEST_LIMIT_MS };
  it(
    "when the peer stops reading: the route is cut at its bound",
    slow,
    async () => {
      await using subject = await begin(open);
      subject.peer.stopReading?.();
      const chunk = notification("x".repeat(CHUNK_BYTES));
      const flood = async () => {
        for (let n = 0; n < STALLING_CHUNKS; n++) {
          await subject.channel.send(chunk);
        }
      };
      await assert.rejects(flood(), { fault: onStall });
    },
  );
}

class Subject implements AsyncDisposable {
  readonly channel: Channel;
  readonly peer: ContractPeer;
  readonly iterator: AsyncIterator<Envelope>;

  constructor({ channel, peer }: ContractSubject) {
    this.channel = channel;
    this.peer = peer;
    this.iterator = channel[Symbol.asyncIterator]();
  }

  async next(): Promise<Envelope> {
    const { done, value } = await this.iterator.next();
    assert.ok(!done, "the channel has ended");
    return value;
  }

  async failureOf(id: string): Promise<void> {
    let { head } = await this.next();
    while (head.id !== id) ({ head } = await this.next());
    assert.deepEqual(head, { kind: "response", id, failed: true });
    await this.channel.send(notification(1));
  }

  async drain(): Promise<void> {
    while (!(await this.iterator.next()).done);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.channel.close();
    await this.peer[Symbol.asyncDispose]();
  }
}

async function begin(open: ChannelContract["open"]): Promise<Subject> {
  return new Subject(await open());
}

function request(id: string): Envelope {
  return Envelope.of({ jsonrpc: "2.0", id, method: "contract/ask" });
}

function notification(n: unknown): Envelope {
  const method = "contract/tell";
  return Envelope.of({ jsonrpc: "2.0", method, params: { n } });
}

function textOf({ bytes }: Envelope): string {
  return new TextDecoder().decode(bytes);
}
