// A server that stops reading what it is sent: every call in flight is told, and nobody else notices.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "../../lib/protocol/messages.ts";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { nothingLeft } from "../support/leftovers.ts";
import { LIMIT } from "../support/shared_gateway.ts";
import { SseSession } from "../support/sse_session.ts";
import { FLOODING } from "../support/stalled_client.ts";
import {
  answerOf,
  request,
  StreamableSession,
} from "../support/streamable_session.ts";

const token = TOKENS.alice;
const KIB = 1024;
/** Small, so that it is soon reached. */
const LIMITS = { streamBuffer: "256KiB", sessionBuffer: "1MiB" };
/** Together far more than the bounds, and than what pipes take. */
const CALLS = 60;
const CALL_BYTES = 64 * KIB;
const PROMPTLY_MS = 1_000;
/** A second for what was said, 5 s to go, and what a busy machine takes. */
const GONE_MS = 7_500;

function start() {
  return startGateway({ files: FLOODING }, { limits: LIMITS });
}

function large(id: number): Message {
  return request(id, "x/large-call", { text: "x".repeat(CALL_BYTES) });
}

function begin({ url }: InProcessGateway): Promise<StreamableSession> {
  return StreamableSession.begin({ url: `${url}/files/mcp`, token });
}

/** `backend_stalled`, or `answered` for what the server had not been sent yet and its successor was. */
function outcomeOf({ error }: Message): string {
  return (error?.data as { fault: string } | undefined)?.fault ?? "answered";
}

async function callOfOthers(gateway: InProcessGateway): Promise<number> {
  const session = await begin(gateway);
  const began = performance.now();
  assert.ok("result" in await session.call(1, "x/echo"));
  const tookMs = performance.now() - began;
  await session.end();
  return tookMs;
}

describe("a server that does not read", () => {
  it(
    "Streamable HTTP: each call in flight is answered with backend_stalled",
    LIMIT,
    async () => {
      await using gateway = await start();
      const session = await begin(gateway);
      const deaf = session.post(request("deaf", "x/deaf"));
      const asked = Array.from(
        { length: CALLS },
        (_, id) => session.post(large(id)),
      );
      const othersMs = await callOfOthers(gateway);
      const responses = await Promise.all([deaf, ...asked]);
      const answers = await Promise.all(responses.map(answerOf));
      const outcomes = Map.groupBy(answers, outcomeOf);
      const { stalled, answered, refused } = {
        stalled: outcomes.get("backend_stalled") ?? [],
        answered: outcomes.get("answered") ?? [],
        refused: outcomes.get("overloaded") ?? [],
      };
      assert.equal(answers[0], stalled[0], "the deaf call itself");
      assert.ok(stalled.length > 1);
      assert.ok(refused.length > 0, "what does not fit is refused at once");
      const told = stalled.length + answered.length + refused.length;
      assert.equal(told, answers.length);
      const held = (stalled.length + answered.length) * CALL_BYTES;
      assert.ok(held <= 1.5 * KIB * KIB, `${held} bytes were held`);
      await gateway.logged("Request refused", { limit: "streamBuffer" });
      assert.ok(othersMs < PROMPTLY_MS, `${othersMs} ms`);
      const again = await session.call("again", "x/echo");
      assert.deepEqual(again.result, { method: "x/echo", params: {} });
      await session.end();
      await nothingLeft(gateway);
    },
  );

  it(
    "does not outlive its session, though what was said before waits for it",
    LIMIT,
    async () => {
      await using gateway = await start();
      const session = await begin(gateway);
      const deaf = session.post(request("deaf", "x/deaf"));
      const asked = Array.from(
        { length: CALLS },
        (_, id) => session.post(large(id)),
      );
      await gateway.logged("Request refused", { limit: "streamBuffer" });
      const { pid } = await gateway.logged("Backend started");
      const began = performance.now();
      assert.equal(await session.end(), 204);
      await gateway.logged("Backend exited", { pid });
      const tookMs = performance.now() - began;
      assert.ok(tookMs < GONE_MS, `${tookMs} ms`);
      await Promise.all([deaf, ...asked]);
      await gateway.logged("Messages dropped", { from: "client" });
      await nothingLeft(gateway);
    },
  );

  it(
    "HTTP+SSE: each call in flight is answered with backend_stalled",
    LIMIT,
    async () => {
      await using gateway = await start();
      const url = `${gateway.url}/files/sse`;
      await using session = await SseSession.open({ url, token });
      await session.initialize();
      await session.say(request("deaf", "x/deaf"));
      const taken = new Set<unknown>(["deaf"]);
      for (let id = 0; id < CALLS; id++) {
        const response = await session.post(large(id));
        await response.body?.cancel();
        if (response.status === 202) taken.add(id);
        else assert.equal(response.status, 503);
      }
      assert.ok(taken.size > 1 && taken.size < CALLS, `${taken.size}`);
      const outcomes = [];
      while (taken.size > 0) {
        const answer = await session.events.message();
        assert.ok(taken.delete(answer.id), `${answer.id} was answered twice`);
        outcomes.push(outcomeOf(answer));
      }
      const kinds = new Set(outcomes).difference(new Set(["answered"]));
      assert.deepEqual([...kinds], ["backend_stalled"]);
      await session[Symbol.asyncDispose]();
      await nothingLeft(gateway);
    },
  );
});
