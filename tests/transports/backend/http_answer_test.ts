// What is read of an HTTP answer whose announced length is not what comes.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { it } from "node:test";
import { Memory } from "../../../lib/channel/memory.ts";
import { HttpPeer } from "../../../lib/transports/backend/http_peer.ts";
import { Intake } from "../../../lib/transports/backend/intake.ts";

const LIMIT_BYTES = 100_000;
const CHUNK = "a".repeat(LIMIT_BYTES);
const CHUNKS = 20;

/** Answers the one request with a text, and closes. */
async function answering(text: string) {
  const server = createServer((socket) => {
    socket.on("error", () => {
      // The reader has had enough.
    });
    socket.once("data", () => socket.end(text));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  const request = {
    method: "GET",
    url: new URL(`http://127.0.0.1:${port}/`),
    headers: {},
    signal: new AbortController().signal,
  } as const;
  const answer = await new HttpPeer("far", { headers: new Map() }).request(
    request,
  );
  return {
    answer,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await answer.discard().catch(() => {
        // It was read.
      });
    },
  };
}

it("a length beside chunks does not count: the bound holds", async () => {
  const size = LIMIT_BYTES.toString(16);
  const chunks = `${size}\r\n${CHUNK}\r\n`.repeat(CHUNKS);
  const head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n" +
    "content-length: 10\r\ntransfer-encoding: chunked\r\n\r\n";
  await using one = await answering(`${head}${chunks}0\r\n\r\n`);
  const memory = new Memory(CHUNKS * LIMIT_BYTES);
  const share = new Intake(memory).begin(new AbortController().signal);
  await assert.rejects(one.answer.read(LIMIT_BYTES, share), {
    fault: "message_too_large",
  });
  share.end();
  assert.equal(memory.used, 0);
});

it("an answer of known length is accounted for until its share ends", async () => {
  const head = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n";
  await using one = await answering(`${head}whole`);
  const memory = new Memory(LIMIT_BYTES);
  const share = new Intake(memory).begin(new AbortController().signal);
  const body = await one.answer.read(LIMIT_BYTES, share);
  assert.equal(new TextDecoder().decode(body), "whole");
  assert.equal(memory.used, 5);
  share.end();
  assert.equal(memory.used, 0);
});
