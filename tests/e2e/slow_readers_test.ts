// Clients that do not read what they asked for, or read it slowly, and servers that do not read what they are sent.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { Message } from "../../lib/protocol/messages.ts";
import { EventReader } from "../support/event_reader.ts";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import type {
  InProcessGateway,
  LogRecord,
} from "../support/in_process_gateway.ts";
import { nothingLeft } from "../support/leftovers.ts";
import { responseFrom } from "../support/raw_stream.ts";
import { LIMIT } from "../support/shared_gateway.ts";
import {
  askUnread,
  FLOODING,
  stallCalls,
  stallGet,
  stallSse,
} from "../support/stalled_client.ts";
import type { StalledClient, StallTarget } from "../support/stalled_client.ts";
import {
  initialize,
  post,
  request,
  StreamableSession,
} from "../support/streamable_session.ts";

const token = TOKENS.alice;
const MIB = 1024 * 1024;
/** Small, so that a stream is soon full. */
const SMALL = { streamBuffer: "256KiB", sessionBuffer: "1MiB" };
/** What of a flood is taken for a stream that is not read: its bound, what Linux itself takes for the connection (up to 4 MiB), and some in pipes. */
const TAKEN_MIB = 6;
/** What counts as promptly for somebody else's call. */
const PROMPTLY_MS = 1_000;
const CALLS_OF_OTHERS = 20;

function start(limits: Readonly<Record<string, unknown>> = SMALL) {
  return startGateway({ files: FLOODING }, { limits });
}

function targetOf({ url }: InProcessGateway): StallTarget {
  return { url: `${url}/files`, token };
}

function begin({ url }: InProcessGateway): Promise<StreamableSession> {
  return StreamableSession.begin({ url: `${url}/files/mcp`, token });
}

/** How much of all that the server said was taken off it before a line of the log, in MiB. */
function takenMib({ log }: InProcessGateway, before: LogRecord): number {
  const told = log.slice(0, log.indexOf(before))
    .map(({ line }) => /^said (\d+) MiB$/.exec(`${line}`));
  return Math.max(...told.map((match) => Number(match?.[1] ?? 0)));
}

function cutsIn({ log }: InProcessGateway): LogRecord[] {
  return log.filter(({ msg }) => msg === "Stream cut");
}

/** The longest of some calls of another session, in milliseconds. */
async function callOfOthers(gateway: InProcessGateway): Promise<number> {
  const session = await begin(gateway);
  let longestMs = 0;
  for (let id = 0; id < CALLS_OF_OTHERS; id++) {
    const began = performance.now();
    assert.ok("result" in await session.call(id, "x/echo"));
    longestMs = Math.max(longestMs, performance.now() - began);
  }
  await session.end();
  return longestMs;
}

/** Nothing went wrong inside the gateway: whatever the client did was foreseen. */
async function assertNoErrors(gateway: InProcessGateway): Promise<void> {
  await gateway.logText();
  const errors = gateway.log.filter(({ level }) => level === "ERROR");
  assert.deepEqual(errors, []);
}

interface Stall {
  readonly what: string;
  /** As the log calls it. */
  readonly stream: string;
  /** How many streams are not read. */
  readonly count: number;
  begin(target: StallTarget): Promise<StalledClient>;
}

const STALLS: readonly Stall[] = [
  { what: "an HTTP+SSE stream", stream: "SSE", count: 1, begin: stallSse },
  { what: "a GET stream", stream: "GET", count: 1, begin: stallGet },
  ...[1, 20].map((count): Stall => ({
    what: `the streams of ${count} calls`,
    stream: "POST",
    count,
    begin: (target) => stallCalls(target, count),
  })),
];

/** What there is to see of a stall, from its beginning to its end. */
async function watch({ stream, begin }: Stall) {
  await using gateway = await start();
  using client = await begin(targetOf(gateway));
  const othersMs = [await callOfOthers(gateway)];
  const cut = await gateway.logged("Stream cut", { stream });
  othersMs.push(await callOfOthers(gateway));
  const taken = takenMib(gateway, cut);
  await client.session?.end();
  await nothingLeft(gateway);
  await assertNoErrors(gateway);
  return { cut, taken, othersMs };
}

describe("a client that does not read", () => {
  let watched: ReturnType<typeof watch>[] | undefined;
  /** All at once, since each takes as long as the gateway is patient. */
  const seen = (stall: Stall) => {
    watched ??= STALLS.map(watch);
    for (const one of watched) one.catch(() => {}); // The test it is for tells.
    return watched[STALLS.indexOf(stall)] as ReturnType<typeof watch>;
  };

  for (const stall of STALLS) {
    const { what, count } = stall;
    it(`${what}: is cut in the end, and the log says why`, LIMIT, async () => {
      const { cut } = await seen(stall);
      assert.equal(cut.level, "WARN");
      assert.equal(cut.reason, "the client stopped reading");
      assert.match(`${cut.limit}`, /^(stream|session)Buffer$/);
    });

    it(`${what}: holds no more than its bound`, LIMIT, async () => {
      const { taken } = await seen(stall);
      assert.ok(taken > 0 && taken <= count * TAKEN_MIB, `${taken} MiB`);
    });

    it(`${what}: disturbs nobody else`, LIMIT, async () => {
      const { othersMs } = await seen(stall);
      assert.ok(Math.max(...othersMs) < PROMPTLY_MS, othersMs.join(" ms, "));
    });
  }

  it(
    "a large JSON answer: is cut when others need the room",
    LIMIT,
    async () => {
      await using gateway = await start();
      const session = await begin(gateway);
      const { url, id } = session;
      const message = request("large", "x/large", { bytes: 20 * MIB });
      const socket = await askUnread({ url, token, session: id, message });
      let cut: LogRecord | undefined;
      void gateway.logged("Stream cut", { stream: "POST" }).then((line) => {
        cut = line;
      });
      for (let call = 0; !cut; call++) {
        assert.ok("result" in await session.call(call, "x/echo"));
        await gateway.logText();
      }
      assert.equal(cut.limit, "sessionBuffer");
      socket.resume();
      await assert.rejects(responseFrom(socket).bytes(), "it broke off");
      await session.end();
      await nothingLeft(gateway);
      await assertNoErrors(gateway);
    },
  );
});

/** How fast a slow client reads. */
const BYTES_PER_MS = 10_000;

function slowly(response: Response): Response {
  const began = performance.now();
  let read = 0;
  const throttle = new TransformStream<Uint8Array, Uint8Array>({
    async transform(chunk, controller) {
      read += chunk.length;
      const aheadMs = began + read / BYTES_PER_MS - performance.now();
      if (aheadMs > 0) await delay(aheadMs);
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body?.pipeThrough(throttle));
}

/** What the flooding server answers `x/large` with. */
function textFor(id: string, bytes: number): string {
  const line = `${id}: the quick brown fox jumps over the lazy dog. `;
  return line.repeat(Math.ceil(bytes / line.length)).slice(0, bytes);
}

describe("a client that reads slowly but steadily", () => {
  const ANSWERS = 5;
  const ANSWER_BYTES = 20_000_000;
  /** 100 MB, read slowly. */
  const PATIENT = { timeout: 110_000 };

  it(
    "gets many large answers at once, each of them whole",
    PATIENT,
    async () => {
      await using gateway = await start({});
      const url = `${targetOf(gateway).url}/sse`;
      const socket = await askUnread({ url, token });
      const events = new EventReader(slowly(responseFrom(socket)));
      const endpoint = new URL((await events.next())?.data ?? "", url).href;
      const say = async (message: Message) =>
        await (await post(endpoint, token, message)).text();
      await say(initialize());
      const ids = Array.from({ length: ANSWERS }, (_, at) => `answer ${at}`);
      for (const id of ids) {
        await say(request(id, "x/large", { bytes: ANSWER_BYTES }));
      }
      assert.equal((await events.message()).id, "init");
      for (const id of ids) {
        const { id: answered, result } = await events.message();
        assert.equal(answered, id);
        assert.ok(result === textFor(id, ANSWER_BYTES), `${id} has changed`);
      }
      socket.destroy();
      await nothingLeft(gateway);
      await assertNoErrors(gateway);
      assert.deepEqual(cutsIn(gateway), []);
    },
  );
});
