// The reader of event streams that the benchmark's clients use.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import { EventPieces, wholeStream } from "../../bench/load/events.ts";

function read(pieces: readonly string[]): string[] {
  const data: string[] = [];
  const events = new EventPieces((one) => data.push(one.toString()));
  for (const piece of pieces) events.push(Buffer.from(piece));
  return data;
}

const ANSWER = '{"jsonrpc":"2.0","id":1,"result":{}}';
const PROGRESS =
  '{"method":"notifications/progress","jsonrpc":"2.0","params":{}}';
const STREAM = ": a comment\n\n" +
  `event: message\nid: 1\ndata: ${PROGRESS}\n\n` +
  `id: 2\ndata: \n\ndata: ${ANSWER}\nid: 3\n\n`;

describe("the benchmark's reader of event streams", () => {
  it("hands on the data of each event that has some", () => {
    assert.deepEqual(read([STREAM]), [PROGRESS, ANSWER]);
  });

  it("reads the same wherever the stream is split", () => {
    for (let at = 1; at < STREAM.length; at++) {
      const pieces = [STREAM.slice(0, at), STREAM.slice(at)];
      assert.deepEqual(read(pieces), [PROGRESS, ANSWER], `split at ${at}`);
    }
    assert.deepEqual(read([...STREAM]), [PROGRESS, ANSWER]);
  });

  it("waits for the end of an event", () => {
    assert.deepEqual(read([`data: ${ANSWER}\n`]), []);
  });

  it("finds the answer of a whole stream, and counts what came before", () => {
    const { answer, notifications } = wholeStream(Buffer.from(STREAM));
    assert.equal(answer.toString(), ANSWER);
    assert.equal(notifications, 1);
  });
});
