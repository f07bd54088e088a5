// What a child writes: its messages arrive in order, whatever else it writes and however the bytes are cut.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { it } from "node:test";
import process from "node:process";
import fc from "fast-check";
import { stdioBackend } from "../../lib/transports/backend/stdio.ts";
import { LineSplitter } from "../../lib/transports/lines.ts";
import { logInto } from "../support/log_lines.ts";
import type { LogLine } from "../support/log_lines.ts";
import { openContext } from "../support/open_context.ts";
import { chunked, cuts, holds, LIMIT } from "./fuzz.ts";

const LIMIT_BYTES = 1024;
const SECRET = "hunter2-0123456789";
const LINE_FEED = 10;

const encoder = new TextEncoder();

/** A line without its end. */
function line(): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ maxLength: 20 }).map((bytes) =>
    bytes.map((byte) => byte === LINE_FEED ? 0 : byte)
  );
}

it(
  "lines are the same however they are cut, and end with LF or CRLF",
  LIMIT,
  () =>
    holds(
      fc.property(
        fc.array(line()),
        fc.boolean(),
        cuts(),
        (lines, crlf, places) => {
          const end = crlf ? [13, 10] : [10];
          const bytes = Uint8Array.from(
            lines.flatMap((one) => [...one, ...end]),
          );
          const splitter = new LineSplitter(LIMIT_BYTES, "fail");
          const read = chunked(bytes, places).flatMap((one) =>
            splitter.push(one)
          );
          const expected = crlf ? lines : lines.map(withoutReturn);
          assert.deepEqual(
            read.map((one) => [...one]),
            expected.map((one) => [...one]),
          );
          assert.equal(splitter.rest(), undefined);
        },
      ),
      400,
    ),
);

it(
  "a line beyond the limit is cut to it, and its neighbours stay whole",
  LIMIT,
  () =>
    holds(
      fc.property(
        fc.array(line()),
        fc.nat(25),
        cuts(),
        (lines, limit, places) => {
          const bytes = Uint8Array.from(lines.flatMap((one) => [...one, 10]));
          const splitter = new LineSplitter(limit, "cut");
          const read = chunked(bytes, places).flatMap((one) =>
            splitter.push(one)
          );
          const expected = lines.map((one) =>
            withoutReturn(one.subarray(0, limit))
          );
          assert.deepEqual(
            read.map((one) => [...one]),
            expected.map((one) => [...one]),
          );
        },
      ),
      300,
    ),
);

/** Nothing that could be a message, though it may look like one or hold a secret. */
function rubbish(): fc.Arbitrary<Uint8Array> {
  const text = fc.constantFrom(
    "",
    " \t\r",
    "[]x",
    "null",
    '{"jsonrpc":"2.0"}',
    '{"jsonrpc":"1.0","id":1,"result":{}}',
    `{"token":"${SECRET}"`,
    `"token":"${SECRET}"}`,
    `[{"token":"${SECRET}"}`,
    '\ufeff\ufeff{"jsonrpc":"2.0","method":"no"}',
    '{"jsonrpc":"2.0","id":1e400,"method":"no"}',
    "[".repeat(10_000),
  );
  const broken = fc.uint8Array({ maxLength: 12 }).map((bytes) =>
    Uint8Array.from([
      0xff,
      ...bytes.map((byte) => byte === LINE_FEED ? 0xfe : byte),
    ])
  );
  return fc.oneof(text.map((one) => encoder.encode(one)), broken);
}

/** Lines of a child: messages are numbered as they come. */
function output(): fc.Arbitrary<readonly Uint8Array[]> {
  const good = fc.string({ unit: "binary" });
  return fc.array(fc.oneof(good, rubbish()), { minLength: 1, maxLength: 30 })
    .map((items) =>
      items.map((one, number) =>
        typeof one === "string" ? message(number, one) : one
      )
    );
}

function message(number: number, text: string): Uint8Array {
  const params = { number, text };
  return encoder.encode(
    JSON.stringify({ jsonrpc: "2.0", method: "good", params }),
  );
}

it(
  "a child's messages all arrive in order among its rubbish, of which no secret is told",
  LIMIT,
  () =>
    holds(
      fc.asyncProperty(
        output(),
        fc.boolean(),
        cuts(),
        async (lines, crlf, places) => {
          const end = crlf ? [13, 10] : [10];
          const bytes = Uint8Array.from(
            lines.flatMap((one) => [...one, ...end]),
          );
          const log: LogLine[] = [];
          const heard = await heardFrom(chunked(bytes, places), log);
          const expected = lines.map((one) => new TextDecoder().decode(one))
            .filter((one) =>
              one.startsWith('{"jsonrpc":"2.0","method":"good"')
            );
          assert.deepEqual(heard, expected);
          assert.ok(!JSON.stringify(log).includes(SECRET));
          const strays = log.filter(({ msg }) =>
            msg.includes("not a message") || msg.includes("not messages")
          );
          const blank = (one: Uint8Array) => one.every((byte) => byte <= 32);
          const skipped = lines.filter((one) => !blank(one)).length -
            expected.length;
          assert.equal(strays.length > 0, skipped > 0, JSON.stringify(log));
        },
      ),
      15,
    ),
);

/** Writes each chunk by itself, then ends. */
const WRITER = `
for (const chunk of JSON.parse(process.argv[1])) {
  await new Promise((done) => process.stdout.write(Buffer.from(chunk, "base64"), done));
  await new Promise(setImmediate);
}`;

async function heardFrom(
  chunks: readonly Uint8Array[],
  log: LogLine[],
): Promise<string[]> {
  const encoded = chunks.map((chunk) => Buffer.from(chunk).toString("base64"));
  const backend = stdioBackend("writer", {
    command: "node",
    args: ["--input-type=module", "-e", WRITER, JSON.stringify(encoded)],
    env: { PATH: process.env.PATH ?? "" },
    cwd: "/",
  }, logInto(log));
  const channel = await backend.open(openContext());
  const heard: string[] = [];
  try {
    for await (const { bytes } of channel) {
      heard.push(new TextDecoder().decode(bytes));
    }
  } catch (error) {
    assert.match(String(error), /exited with code 0/);
  } finally {
    await channel.close();
  }
  return heard;
}

function withoutReturn(one: Uint8Array): Uint8Array {
  return one.at(-1) === 13 ? one.subarray(0, -1) : one;
}
