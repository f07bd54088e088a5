// The reader of HTTP answers that the benchmark's clients use.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import { HttpReader } from "../../bench/load/http_reader.ts";

/** What is read off a connection that brings these pieces. */
function read(pieces: readonly (string | Buffer)[]) {
  const answers: { status: number; body: string; isWhole: boolean }[] = [];
  const reader = new HttpReader({
    head: ({ status }) => answers.push({ status, body: "", isWhole: false }),
    piece: (bytes) => {
      const last = answers.at(-1);
      assert.ok(last && !last.isWhole, "a piece outside of an answer");
      last.body += bytes.toString("latin1");
    },
    end: () => {
      const last = answers.at(-1);
      assert.ok(last && !last.isWhole, "an end outside of an answer");
      last.isWhole = true;
    },
  });
  for (const piece of pieces) reader.push(Buffer.from(piece as string));
  return answers;
}

const WITH_LENGTH = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" +
  "3\r\nhel\r\nA\r\nlo\r\n\r\nyou!\r\n0\r\n\r\n";
const WITH_TRAILER = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" +
  "5;x=y\r\nhello\r\n0\r\nchecksum: 1\r\n\r\n";
const EMPTY = "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n";
const NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";

const ALL = [WITH_LENGTH, CHUNKED, EMPTY, WITH_TRAILER, NO_CONTENT].join("");
const WANTED = [
  { status: 200, body: "hello", isWhole: true },
  { status: 200, body: "hello\r\n\r\nyou!", isWhole: true },
  { status: 202, body: "", isWhole: true },
  { status: 200, body: "hello", isWhole: true },
  { status: 204, body: "", isWhole: true },
];

describe("the benchmark's reader of HTTP", () => {
  it("reads answers of known length, chunked ones and empty ones, one after the other", () => {
    assert.deepEqual(read([ALL]), WANTED);
  });

  it("reads the same wherever the connection splits them", () => {
    for (let at = 1; at < ALL.length; at++) {
      const pieces = [ALL.slice(0, at), ALL.slice(at)];
      assert.deepEqual(read(pieces), WANTED, `split at ${at}`);
    }
  });

  it("reads the same when each byte comes alone", () => {
    assert.deepEqual(read([...ALL]), WANTED);
  });

  it("does not end an answer that is not whole", () => {
    const begun = { status: 200, body: "hell", isWhole: false };
    assert.deepEqual(read([WITH_LENGTH.slice(0, -1)]), [begun]);
  });

  it("hands on the head as it came", () => {
    const fields: string[] = [];
    const reader = new HttpReader({
      head: (head) => fields.push(head.fields),
      piece: () => {},
      end: () => {},
    });
    reader.push(Buffer.from("HTTP/1.1 200 OK\r\nMcp-Session-Id: a\r\n\r\n"));
    assert.deepEqual(fields, ["HTTP/1.1 200 OK\r\nMcp-Session-Id: a"]);
  });
});
