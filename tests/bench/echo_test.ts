// How the benchmark checks answers: no wrong one may pass.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import { replies } from "../../bench/backends/conversation.ts";
import {
  checkAnswer,
  checkNotifications,
  echoRequest,
  nextKey,
} from "../../bench/load/echo.ts";
import { reasonOf, TooLate, within } from "../../bench/load/failures.ts";

const WANTED = { id: 7, key: 12, bytes: 5 };
const RIGHT = { content: [{ type: "text", text: "12:xxxxx" }] };

function check(answer: unknown): void {
  const text = typeof answer === "string" ? answer : JSON.stringify(answer);
  checkAnswer(Buffer.from(text), WANTED);
}

function reasonFor(work: () => void): string {
  try {
    work();
  } catch (error) {
    return reasonOf(error);
  }
  return "none";
}

describe("the benchmark's check of an answer", () => {
  it("takes what its own servers say", () => {
    const [answer = "", ...more] = replies(echoRequest(WANTED));
    check(answer);
    assert.deepEqual(more, []);
  });

  it("takes the same with its members in another order", () => {
    check({ result: RIGHT, id: 7, jsonrpc: "2.0" });
  });

  it("refuses another id, also when only its type differs", () => {
    const wrong = { name: "WrongAnswer" };
    assert.throws(() => check({ jsonrpc: "2.0", id: 8, result: RIGHT }), wrong);
    assert.throws(
      () => check({ jsonrpc: "2.0", id: "7", result: RIGHT }),
      wrong,
    );
  });

  it("refuses the answer to the same id of another session", () => {
    const [other = ""] = replies(echoRequest({ ...WANTED, key: 13 }));
    assert.throws(() => check(other), { name: "WrongAnswer" });
  });

  it("refuses a text in which a single character differs or is missing", () => {
    const [answer = ""] = replies(echoRequest(WANTED));
    for (const text of ["12:xxxxy", "12:xxxx"]) {
      const wrong = answer.replace("12:xxxxx", text);
      assert.throws(() => check(wrong), { name: "WrongAnswer" });
    }
  });

  it("refuses errors and what is no JSON", () => {
    const error = { jsonrpc: "2.0", id: 7, error: { code: -1, message: "no" } };
    for (const answer of [error, "<html>", ""]) {
      assert.equal(reasonFor(() => check(answer)), "wrong answers");
    }
  });

  it("has a key for each call", () => {
    assert.notEqual(nextKey(), nextKey());
  });

  it("counts the notifications before it", () => {
    const wanted = { ...WANTED, notifications: 3 };
    assert.equal([...replies(echoRequest(wanted))].length, 4);
    checkNotifications(3, wanted);
    assert.equal(
      reasonFor(() => checkNotifications(2, wanted)),
      "wrong notifications",
    );
  });
});

describe("a limit of the benchmark", () => {
  it("ends the waiting for what does not come", async () => {
    const never = new Promise<void>(() => {});
    await assert.rejects(within(1, "a call", never), TooLate);
  });

  it("leaves alone what comes in time", async () => {
    assert.equal(await within(60_000, "a call", Promise.resolve(1)), 1);
  });
});
