// A message on its way through the gateway, and what is put in before it.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Envelope } from "../../lib/channel/envelope.ts";
import { Passage } from "../../lib/channel/passage.ts";
import { Queue } from "../../lib/channel/queue.ts";

const all = (envelope: Envelope) => envelope;

function named(method: string): Envelope {
  return Envelope.of({ jsonrpc: "2.0", method });
}

/** A source of which is known how often it was asked. */
class Source extends Queue<Envelope> {
  asked = 0;

  constructor() {
    super(Infinity);
  }

  override next() {
    this.asked++;
    return super.next();
  }
}

async function methodOf(passage: Passage): Promise<string | undefined> {
  return (await passage.next()).value?.head.method;
}

describe("a passage", () => {
  it("asks for nothing before its consumer does, and then for one message", async () => {
    const source = new Source();
    const passage = new Passage(source, all);
    for (const method of ["a", "b"]) source.push(named(method));
    assert.equal(source.asked, 0);
    assert.equal(await methodOf(passage), "a");
    assert.equal(source.asked, 1);
    assert.equal(await methodOf(passage), "b");
  });

  it("hands out what is put in at once, and loses nothing that was on its way", async () => {
    const source = new Source();
    const passage = new Passage(source, all);
    const first = passage.next();
    passage.put(named("own"));
    assert.equal((await first).value?.head.method, "own");
    source.push(named("late"));
    assert.equal(await methodOf(passage), "late");
    assert.equal(source.asked, 1);
  });

  it("leaves out what is not wanted, and changes what is to be", async () => {
    const source = new Source();
    const passage = new Passage(
      source,
      ({ head: { method } }) =>
        method === "no" ? undefined : named(`${method}!`),
    );
    for (const method of ["no", "no", "yes"]) source.push(named(method));
    assert.equal(await methodOf(passage), "yes!");
  });

  it("ends as its source ends, or fails", async () => {
    const ended = new Source();
    ended.end();
    assert.equal((await new Passage(ended, all).next()).done, true);
    const broken = new Source();
    broken.end(new Error("broken"));
    await assert.rejects(new Passage(broken, all).next(), {
      fault: "internal",
    });
    const unreadable = new Source();
    unreadable.push(named("a"));
    const sieve = () => {
      throw new Error("unreadable");
    };
    await assert.rejects(new Passage(unreadable, sieve).next(), {
      fault: "internal",
    });
  });

  it("ends for a consumer that waits, and hands out nothing that comes after", async () => {
    const source = new Source();
    const passage = new Passage(source, all);
    const waiting = passage.next();
    passage.drop();
    assert.equal((await waiting).done, true);
    source.push(named("a"));
    assert.equal((await passage.next()).done, true);
  });
});
