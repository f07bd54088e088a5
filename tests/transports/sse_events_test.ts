import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readSseEvents } from "../../lib/transports/sse_events.ts";

const encoder = new TextEncoder();
const LIMIT_BYTES = 1024;

/** The events in a text that arrives in pieces of `size` bytes. */
async function read(
  bytes: Uint8Array,
  size = bytes.length,
  limit = LIMIT_BYTES,
): Promise<Record<string, unknown>[]> {
  const read = [];
  for await (const events of readSseEvents(pieces(), limit)) {
    for (const { data, ...rest } of events) {
      const text = new TextDecoder().decode(data);
      read.push(Object.fromEntries(
        Object.entries({ ...rest, data: text })
          .filter(([, value]) => value !== undefined),
      ));
    }
  }
  return read;

  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) {
      yield await Promise.resolve(bytes.subarray(at, at + size));
    }
  }
}

function readText(text: string): Promise<Record<string, unknown>[]> {
  return read(encoder.encode(text));
}

describe("server-sent events", () => {
  it("are read alike with LF, CR and CRLF, in pieces of any size", async () => {
    const lines = [
      "event: x",
      "id: 7",
      "data: één",
      "data: 2",
      "",
      "data:3",
      "",
    ];
    const expected = [
      { event: "x", id: "7", data: "één\n2" },
      { event: "message", data: "3" },
    ];
    for (const end of ["\n", "\r", "\r\n"]) {
      const bytes = encoder.encode(lines.map((line) => line + end).join(""));
      for (let size = 1; size <= bytes.length; size++) {
        assert.deepEqual(await read(bytes, size), expected, `${size}`);
      }
    }
  });

  it("may begin with a byte order mark, and only there", async () => {
    const bytes = encoder.encode(
      "\ufeffdata: a\n\n\ufeffdata: b\n\ndata: c\n\n",
    );
    for (const size of [1, 2, bytes.length]) {
      assert.deepEqual(await read(bytes, size), [
        { event: "message", data: "a" },
        { event: "message", data: "c" },
      ]);
    }
  });

  it("lose one space after the colon and no more", async () => {
    assert.deepEqual(await readText("data:  a \n\ndata\n\ndata:\n\n"), [
      { event: "message", data: " a " },
      { event: "message", data: "" },
      { event: "message", data: "" },
    ]);
  });

  it("skip comments, unknown fields and empty blocks", async () => {
    assert.deepEqual(
      await readText(": ping\n\n\n\nother: x\n\n:\ndata: a\nDATA: b\n\n"),
      [{ event: "message", data: "a" }],
    );
  });

  it("tell ids and retry times also without data", async () => {
    assert.deepEqual(
      await readText(
        "id: 1\n\nretry: 250\n\nid\ndata\n\nretry: soon\nid: a\0b\n\n",
      ),
      [
        { event: "message", id: "1", data: "" },
        { event: "message", retry: 250, data: "" },
        { event: "message", id: "", data: "" },
      ],
    );
  });

  it("leave out an event that the end of the stream cut off", async () => {
    assert.deepEqual(await readText("data: a\n\ndata: b\n"), [
      { event: "message", data: "a" },
    ]);
  });

  it("may be large, up to the bound", async () => {
    const data = "x".repeat(LIMIT_BYTES);
    const bytes = encoder.encode(`data: ${data}\n\n`);
    assert.deepEqual(await read(bytes, 100, LIMIT_BYTES + 100), [
      { event: "message", data },
    ]);
    await assert.rejects(read(bytes, 100, LIMIT_BYTES / 2), {
      fault: "message_too_large",
    });
    const lines = encoder.encode("data: xxxx\n".repeat(LIMIT_BYTES));
    await assert.rejects(read(lines, 100), { fault: "message_too_large" });
  });

  it("are bounded also when their data lines are empty", async () => {
    const lines = encoder.encode("data:\n".repeat(200_000));
    const reading = read(lines, 64 * 1024, 1024 * 1024);
    await assert.rejects(reading, { fault: "message_too_large" });
  });

  it("let go of the stream when the reader stops", async () => {
    let released = false;
    async function* chunks() {
      try {
        while (true) yield await Promise.resolve(encoder.encode("data: a\n\n"));
      } finally {
        released = true;
      }
    }
    for await (const [first] of readSseEvents(chunks(), LIMIT_BYTES)) {
      assert.equal(first?.event, "message");
      break;
    }
    assert.ok(released);
  });
});
