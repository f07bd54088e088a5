// How many answers a session reads at a time.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Memory } from "../../../lib/channel/memory.ts";
import { Intake } from "../../../lib/transports/backend/intake.ts";

const PART = new Uint8Array(10);
const { signal: NEVER } = new AbortController();

/** An answer of many parts, read in turns that the test gives. */
function reading(intake: Intake, signal = NEVER) {
  const share = intake.begin(signal);
  async function* endless() {
    for (;;) yield PART;
  }
  const parts = share.through(endless());
  return { share, next: () => parts.next().then(() => "came") };
}

/** What has come of a part when everything that could happen at once has happened. */
async function soon(part: Promise<string>): Promise<string> {
  const turns = async () => {
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    return "waits";
  };
  return await Promise.race([part, turns()]);
}

describe("answers that are read side by side", () => {
  it("go on while there is room, and only the oldest one beyond it", async () => {
    const memory = new Memory(40);
    const intake = new Intake(memory);
    const first = reading(intake);
    const second = reading(intake);
    for (const one of [first, second, first]) await one.next();
    assert.equal(memory.used, 30);
    assert.equal(await soon(second.next()), "came");
    const held = second.next();
    assert.equal(await soon(held), "waits");
    assert.equal(await soon(first.next()), "came");
    assert.equal(await soon(first.next()), "came");
    assert.equal(memory.used, 60);
    first.share.end();
    first.share.end();
    assert.equal(await held, "came");
    second.share.handedOn();
    assert.equal(memory.used, 0);
  });

  it("go on when others than they make room", async () => {
    const memory = new Memory(20);
    const intake = new Intake(memory);
    const first = reading(intake);
    const second = reading(intake);
    await first.next();
    await second.next();
    memory.add(100);
    const held = second.next();
    assert.equal(await soon(held), "waits");
    memory.add(-110);
    assert.equal(await held, "came");
  });

  it("are not held up once nobody wants them", async () => {
    const memory = new Memory(10);
    const intake = new Intake(memory);
    const leaving = new AbortController();
    const first = reading(intake);
    const second = reading(intake, leaving.signal);
    await first.next();
    await second.next();
    const held = second.next();
    assert.equal(await soon(held), "waits");
    leaving.abort();
    assert.equal(await held, "came");
  });
});
