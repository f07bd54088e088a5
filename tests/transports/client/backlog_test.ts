// What waits for a client that reads slowly, or not at all.

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Memory } from "../../../lib/channel/memory.ts";
import {
  Backlog,
  LAST_PATIENCE_MS,
  LINGER_MS,
} from "../../../lib/transports/client/backlog.ts";
import { OutgoingBody } from "../../../lib/transports/client/outgoing_body.ts";
import { logInto } from "../../support/log_lines.ts";
import type { LogLine } from "../../support/log_lines.ts";

const MIB = 1024 * 1024;
const STREAM_BYTES = 2 * MIB;
const SESSION_BYTES = 4 * MIB;
const PATIENCE_MS = 200;
/** Less than the patience, as a slow reader has it. */
const PAUSE_MS = 20;
/** So long that only an end of patience for another reason is seen. */
const ENDLESS_MS = 60_000;

class Fixture {
  readonly lines: LogLine[] = [];
  readonly memory = new Memory(SESSION_BYTES);
  readonly backlog: Backlog;

  constructor(patienceMs = PATIENCE_MS) {
    this.backlog = new Backlog({
      log: logInto(this.lines),
      streamBytes: STREAM_BYTES,
      memory: this.memory,
      patienceMs,
    });
  }

  body(bytes = 0): OutgoingBody {
    const body = new OutgoingBody("POST", this.backlog);
    if (bytes > 0) assert.ok(body.write(message(bytes)));
    return body;
  }

  room(body?: OutgoingBody): Promise<void> {
    return this.backlog.room(() => body);
  }
}

function message(bytes: number): Uint8Array[] {
  return [new Uint8Array(bytes).fill(120)];
}

/** Whether a promise is settled once everything that waits for nothing has been done. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  return await Promise.race([
    promise.then(() => true),
    delay(PAUSE_MS, false),
  ]);
}

/** Reads all of a body, with a pause after every MiB. */
async function readSlowly({ stream }: OutgoingBody): Promise<number> {
  let read = 0;
  for await (const piece of stream) {
    read += piece.length;
    if (read % MIB === 0) await delay(PAUSE_MS);
  }
  return read;
}

describe("the backlog of a session", () => {
  it("has room while little waits", async () => {
    const { backlog, ...fixture } = new Fixture();
    const body = new OutgoingBody("GET", backlog);
    body.write(message(MIB));
    assert.equal(backlog.tight, false);
    assert.equal(await isSettled(backlog.room(() => body)), true);
    assert.deepEqual(fixture.lines, []);
  });

  it("cuts a body whose reader reads nothing, says so, and has room again", async () => {
    const fixture = new Fixture();
    const { backlog, memory, lines } = fixture;
    const body = fixture.body();
    while (!backlog.tight) assert.ok(body.write(message(MIB)));
    assert.equal(memory.used, STREAM_BYTES);
    await fixture.room(body);
    assert.equal(await body.over, "reader_stalled");
    assert.equal(body.write(message(1)), false);
    assert.equal(memory.used, 0);
    assert.deepEqual(lines.map(({ msg, limit }) => [msg, limit]), [
      ["Stream cut", "streamBuffer"],
    ]);
    await assert.rejects(
      new Response(body.stream).text(),
      "what broke off does not look whole",
    );
  });

  it("waits for a reader that is slow but reads", async () => {
    const fixture = new Fixture();
    const { memory } = fixture;
    const body = fixture.body();
    const total = 12;
    const reading = readSlowly(body);
    let most = 0;
    for (let sent = 0; sent < total; sent++) {
      assert.ok(body.write(message(MIB)));
      most = Math.max(most, memory.used);
      await fixture.room(body);
    }
    body.end();
    assert.equal(await reading, total * MIB);
    assert.ok(most > STREAM_BYTES - MIB, "it has waited");
    assert.ok(most <= STREAM_BYTES + MIB, `${most}`);
    assert.deepEqual([memory.used, fixture.lines], [0, []]);
  });

  it("lets a full body hold up only what is for it", async () => {
    const fixture = new Fixture(ENDLESS_MS);
    const full = fixture.body(STREAM_BYTES);
    const other = fixture.body(1);
    const waiting = fixture.room(full);
    assert.equal(await isSettled(waiting), false);
    assert.equal(await isSettled(fixture.room(other)), true);
    assert.equal(await isSettled(fixture.room()), true);
    full.cut();
    await waiting;
  });

  it("wakes up everyone who waits", async () => {
    const fixture = new Fixture(ENDLESS_MS);
    const body = fixture.body(STREAM_BYTES);
    const waiting = [fixture.room(body), fixture.room(body)];
    assert.equal(await isSettled(Promise.race(waiting)), false);
    await body.stream.getReader().read();
    await Promise.all(waiting);
  });

  it("does not wait again for a reader that has long stopped", async () => {
    const fixture = new Fixture();
    const bodies = [1, 2, 3].map(() => fixture.body(STREAM_BYTES));
    await delay(PATIENCE_MS);
    const began = performance.now();
    for (const body of bodies) await fixture.room(body);
    assert.ok(performance.now() - began < bodies.length * PATIENCE_MS);
    assert.deepEqual(bodies.map(({ open }) => open), [false, false, false]);
  });

  it("looks where the message goes by now", async () => {
    const fixture = new Fixture(ENDLESS_MS);
    const first = fixture.body(STREAM_BYTES);
    let goal: OutgoingBody | undefined = first;
    const waiting = fixture.backlog.room(() => goal);
    goal = undefined;
    fixture.body(1).cut();
    await waiting;
    assert.equal(first.open, true);
  });

  it("cuts the fullest body when all together hold too much", async () => {
    const fixture = new Fixture();
    const { memory, lines } = fixture;
    const bodies = [1, 1.9, 1.5].map((size) => fixture.body(size * MIB));
    await fixture.room();
    assert.deepEqual(bodies.map(({ open }) => open), [true, false, true]);
    assert.ok(memory.used < SESSION_BYTES);
    assert.equal(lines[0]?.limit, "sessionBuffer");
  });

  it("notices the room that others make", async () => {
    const fixture = new Fixture(ENDLESS_MS);
    const body = fixture.body(1);
    fixture.memory.add(SESSION_BYTES);
    const waiting = fixture.room(body);
    assert.equal(await isSettled(waiting), false);
    fixture.memory.add(-SESSION_BYTES);
    await waiting;
    assert.equal(body.open, true);
  });

  it("waits for nobody when it is full of what no client can read", async () => {
    const fixture = new Fixture(ENDLESS_MS);
    fixture.memory.add(SESSION_BYTES);
    assert.equal(await isSettled(fixture.room(fixture.body())), true);
  });

  it("takes the gateway's own messages beyond a full body, but not without end", () => {
    const fixture = new Fixture();
    const body = fixture.body(STREAM_BYTES);
    assert.ok(body.write(message(STREAM_BYTES)));
    assert.equal(body.write(message(1)), false);
    assert.equal(body.open, false);
    assert.equal(fixture.lines[0]?.msg, "Stream cut");
  });
});

describe("a client that has lost its right", () => {
  const event = (text: string) => new TextEncoder().encode(`data: ${text}\n\n`);

  it("reads nothing that it had not read before but the reason", async () => {
    const { backlog, memory, lines } = new Fixture();
    const body = new OutgoingBody("POST", backlog);
    const reader = body.stream.getReader();
    body.write([event("read")]);
    assert.deepEqual((await reader.read()).value, event("read"));
    body.write([event("unread")]);
    backlog.withhold();
    assert.equal(memory.used, 0);
    body.write([event("the reason")]);
    body.end();
    assert.deepEqual((await reader.read()).value, event("the reason"));
    assert.equal((await reader.read()).done, true);
    const unread_bytes = event("unread").length;
    assert.deepEqual(
      lines.map(({ msg, unread_bytes }) => [msg, unread_bytes]),
      [
        ["Withheld", unread_bytes],
      ],
    );
  });

  it("sees a message break off of which it has read a part", async () => {
    const { backlog } = new Fixture();
    const body = new OutgoingBody("POST", backlog);
    const reader = body.stream.getReader();
    body.write([event("x".repeat(MIB))]);
    await reader.read();
    backlog.withhold();
    await assert.rejects(reader.read());
    assert.equal(body.write([event("the reason")]), false);
  });
});

describe("the account of a backlog is balanced", () => {
  for (
    const [when, finish] of [
      ["is read after its end", async (body: OutgoingBody) => {
        body.end();
        await new Response(body.stream).bytes();
      }],
      ["is left by its reader", async (body: OutgoingBody) => {
        await body.stream.cancel();
        assert.equal(await body.over, "reader_left");
      }],
      ["is left by its reader half-way", async (body: OutgoingBody) => {
        const reader = body.stream.getReader();
        await reader.read();
        await reader.cancel();
      }],
      ["is cut", (body: OutgoingBody) => body.cut()],
      ["is cut while its reader waits", async (body: OutgoingBody) => {
        const reader = body.stream.getReader();
        while (body.weight > 0) await reader.read();
        const read = reader.read();
        body.cut();
        await assert.rejects(read);
      }],
      ["goes on elsewhere", async (body: OutgoingBody) => {
        body.abandon();
        assert.equal(await body.over, "ended");
      }],
    ] as const
  ) {
    it(`when a body ${when}`, async () => {
      const { memory, ...fixture } = new Fixture();
      const body = new OutgoingBody("POST", fixture.backlog);
      body.write(message(MIB));
      assert.equal(memory.used, MIB);
      await finish(body);
      assert.equal(memory.used, 0);
      assert.equal(body.open, false);
    });
  }

  it("and keeps a body that has ended until it is read", async () => {
    const fixture = new Fixture();
    const body = fixture.body(MIB);
    body.end();
    assert.equal(await body.over, "ended");
    assert.equal(fixture.memory.used, MIB);
  });
});

describe("a client that leaves", () => {
  for (const [unread, lines] of [[MIB, 1], [0, 0]] as const) {
    it(`${unread} bytes unread is told by ${lines} lines`, async () => {
      const fixture = new Fixture();
      await fixture.body(unread).stream.cancel();
      const logged = fixture.lines.map(({ msg, unread_bytes }) => [
        msg,
        unread_bytes,
      ]);
      assert.deepEqual(logged, Array(lines).fill(["Stream left", unread]));
    });
  }
});

describe("the end of a session", () => {
  it("that comes ends the patience with a slow reader, too", async () => {
    const fixture = new Fixture(ENDLESS_MS);
    const body = fixture.body(100 * STREAM_BYTES);
    const reading = assert.rejects(readSlowly(body));
    const waiting = fixture.room(body);
    const began = performance.now();
    fixture.backlog.hurry();
    await waiting;
    const tookMs = performance.now() - began;
    assert.ok(tookMs >= LAST_PATIENCE_MS - 1, `${tookMs}`);
    assert.equal(await body.over, "reader_stalled");
    await reading;
  });

  it("lets nobody wait, and leaves what is there to be read", async () => {
    const fixture = new Fixture(ENDLESS_MS);
    const body = fixture.body(STREAM_BYTES);
    const waiting = fixture.room(body);
    fixture.backlog.close();
    await waiting;
    body.end();
    const { length } = await new Response(body.stream).bytes();
    assert.equal(length, STREAM_BYTES);
  });
});

describe("what is left of a session that has ended", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  it("is thrown away when nobody reads it for long, and the log says so", () => {
    const fixture = new Fixture();
    const body = fixture.body(MIB);
    body.end();
    fixture.backlog.close();
    mock.timers.tick(LINGER_MS - 1);
    assert.equal(fixture.memory.used, MIB);
    mock.timers.tick(1);
    assert.equal(fixture.memory.used, 0);
    assert.equal(fixture.lines[0]?.msg, "Stream cut");
  });

  it("is forgotten once it is read", async () => {
    const fixture = new Fixture();
    const body = fixture.body(MIB);
    body.end();
    fixture.backlog.close();
    await new Response(body.stream).bytes();
    mock.timers.tick(LINGER_MS);
    assert.deepEqual(fixture.lines, []);
  });
});
