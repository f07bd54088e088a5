// The soak's own judgement: it must not let anything pass, and repeat what a seed says.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  argumentsOf,
  identityOf,
  wrongIn,
} from "../../tasks/soak/client/calls.ts";
import {
  META,
  wrongInResult,
} from "../../tasks/soak/client/exchanges/envelope.ts";
import { answersTo } from "../../tasks/soak/client/exchanges/input_required.ts";
import { randomOf } from "../../tasks/soak/client/client.ts";
import { Findings } from "../../tasks/soak/findings.ts";
import { LogWatch } from "../../tasks/soak/gateway/log_watch.ts";
import { judgeMemory } from "../../tasks/soak/gateway/memory_figures.ts";
import { soakOptions } from "../../tasks/soak/options.ts";
import { PendingCalls } from "../../tasks/soak/client/pending_calls.ts";
import { planSession } from "../../tasks/soak/plan/plan.ts";
import { Secrets } from "../../tasks/soak/secrets.ts";

const CLIENT = "client1-session1";
const MIB = 1024 * 1024;

/** The requests of one session, what was found, and what was replied. */
function waiting() {
  const findings = new Findings();
  const replies: object[] = [];
  const pending = new PendingCalls(
    CLIENT,
    findings,
    (message) => replies.push(message),
  );
  const kinds = () => findings.failures.map(({ kind }) => kind);
  return { pending, findings, replies, kinds };
}

function watched() {
  const findings = new Findings();
  const secrets = new Secrets(["the-value-of-a-token"]);
  return { findings, secrets, watch: new LogWatch(findings, secrets) };
}

describe("the plan of a soak", () => {
  const planOf = (seed: string, client: number) => {
    const random = randomOf(seed, client);
    return Array.from({ length: 50 }, () => planSession(random, 1));
  };

  it("is the same for the same seed", () => {
    assert.deepEqual(planOf("7", 3), planOf("7", 3));
  });

  it("is another for another seed and for another client", () => {
    assert.notDeepEqual(planOf("7", 3), planOf("8", 3));
    assert.notDeepEqual(planOf("7", 3), planOf("7", 4));
  });

  it("has everything in it that a client can do", () => {
    const sessions = Array.from({ length: 20 }, (_, one) => planOf("7", one));
    const deeds = sessions.flat().flatMap(({ steps }) => steps)
      .map((step) => step.do);
    assert.equal(new Set(deeds).size, 13);
  });
});

describe("the options of a soak", () => {
  it("are a minute of forty clients when nothing is said", () => {
    const { seconds, clients } = soakOptions([]);
    assert.deepEqual({ seconds, clients }, { seconds: 60, clients: 40 });
  });

  it("are refused when they make no sense", () => {
    const refused = {
      message: '--seconds: found "0", wanted a whole number above 0',
    };
    assert.throws(() => soakOptions(["--seconds", "0"]), refused);
    assert.throws(() => soakOptions(["--second", "5"]));
  });
});

describe("a soak's client", () => {
  it("takes one answer to each request", async () => {
    const { pending, kinds } = waiting();
    const outcome = pending.enter(1);
    pending.take({ id: 1, result: {} });
    assert.deepEqual(await outcome, { kind: "result", result: {} });
    assert.deepEqual(kinds(), []);
  });

  it("finds a second answer", () => {
    const { pending, kinds } = waiting();
    void pending.enter(1);
    pending.take({ id: 1, result: {} });
    pending.take({ id: 1, result: {} });
    assert.deepEqual(kinds(), ["duplicated answer"]);
  });

  it("finds an answer to what it never asked, also when only the type of the id differs", () => {
    const { pending, kinds } = waiting();
    void pending.enter(1);
    pending.take({ id: "1", result: {} });
    assert.deepEqual(kinds(), ["wrong answer"]);
  });

  it("takes no or one answer to what it has taken back", () => {
    const { pending, kinds } = waiting();
    void pending.enter(1);
    pending.settle(1, { kind: "left" });
    pending.take({ id: 1, result: {} });
    assert.deepEqual(kinds(), []);
    pending.take({ id: 1, result: {} });
    assert.deepEqual(kinds(), ["duplicated answer"]);
  });

  it("says who it is, and finds a question that was meant for another", () => {
    const { pending, kinds, replies } = waiting();
    const ask = (client: string) =>
      pending.take({
        id: "q1",
        method: "sampling/createMessage",
        params: { metadata: { client, nonce: "n" } },
      });
    ask(CLIENT);
    assert.match(JSON.stringify(replies), RegExp(identityOf(CLIENT, "n")));
    assert.deepEqual(kinds(), []);
    ask("client2-session1");
    assert.deepEqual(kinds(), ["wrong answer"]);
  });

  it("finds a notification that was meant for another", () => {
    const { pending, kinds } = waiting();
    const method = "notifications/message";
    pending.take({ method, params: { data: { client: CLIENT } } });
    assert.deepEqual(kinds(), []);
    pending.take({ method, params: { data: { client: "client2" } } });
    assert.deepEqual(kinds(), ["wrong answer"]);
  });

  it("finds progress of another call, and progress that comes again", () => {
    const { pending, kinds } = waiting();
    pending.expectProgress("t1", "mine");
    const report = (progress: number, message: string) =>
      pending.take({
        method: "notifications/progress",
        params: { progressToken: "t1", progress, message },
      });
    report(1, "mine");
    assert.deepEqual(kinds(), []);
    report(2, "other");
    report(1, "mine");
    assert.deepEqual(kinds(), ["wrong answer", "wrong answer"]);
  });
});

describe("a soak's check of an answer", () => {
  const owner = { client: CLIENT, server: "local" };
  const caller = { ...owner, canBeAsked: true };
  const call = { tool: "echo", args: {}, size: 300 };
  const sent = argumentsOf(call, `${CLIENT}/5`);
  const answer = (text: string, others: object = {}) => ({
    content: [{ type: "text", text }],
    structuredContent: { ...owner, nonce: sent.nonce, ...others },
  });

  it("takes the right one", () => {
    assert.equal(wrongIn(answer(sent.text), "echo", sent, caller), undefined);
  });

  it("finds one that belongs to another session, server or call", () => {
    const others = { client: "client2", server: "shell", nonce: "x/1" };
    for (const [name, value] of Object.entries(others)) {
      const wrong = answer(sent.text, { [name]: value });
      assert.match(wrongIn(wrong, "echo", sent, caller) ?? "", RegExp(value));
    }
  });

  it("finds one in which a single character is another", () => {
    const text = `${sent.text.slice(0, -1)}?`;
    assert.match(wrongIn(answer(text), "echo", sent, caller) ?? "", /the text/);
  });
});

describe("a soak's client of the modern era", () => {
  const question = (client: string, nonce: string) => ({
    inputRequests: {
      q1: {
        method: "sampling/createMessage",
        params: { metadata: { client, nonce } },
      },
    },
  });

  it("answers what it is asked, and finds a question for another call or client", () => {
    const { responses, wrong } = answersTo(question(CLIENT, "n"), CLIENT, "n");
    assert.match(JSON.stringify(responses), RegExp(identityOf(CLIENT, "n")));
    assert.equal(wrong, undefined);
    for (const one of [question(CLIENT, "m"), question("client2", "n"), {}]) {
      assert.ok(answersTo(one, CLIENT, "n").wrong);
    }
  });

  it("finds a result without its type or of another server", () => {
    const result = (resultType: string | undefined, name: string) => ({
      resultType,
      _meta: { [META.server]: { name } },
    });
    const wrong = (one: object) => wrongInResult(one, "local");
    assert.equal(wrong(result("complete", "local")), undefined);
    assert.ok(wrong(result(undefined, "local")));
    assert.ok(wrong(result("complete", "shell")));
  });
});

describe("a soak's look at the log", () => {
  it("finds a token and the id of a session, and does not show them", () => {
    const { watch, secrets, findings } = watched();
    const id = "s".repeat(32);
    secrets.addSession(id);
    watch.take(`{"level":"INFO","msg":"the-value-of-a-token"}`);
    watch.take(`{"level":"INFO","msg":"x","path":"/a?sessionId=${id}"}`);
    const kinds = findings.failures.map(({ kind }) => kind);
    assert.deepEqual(kinds, ["log", "log"]);
    assert.doesNotMatch(JSON.stringify(findings.failures), /value|sss/);
  });

  it("finds errors, and lines that are none of the log", () => {
    const { watch, findings } = watched();
    watch.take('{"level":"ERROR","msg":"Request failed"}');
    watch.take("Segmentation fault");
    assert.equal(findings.failures.length, 2);
    assert.ok(findings.failed.aborted);
  });

  it("counts sessions", () => {
    const { watch, findings } = watched();
    watch.take('{"level":"INFO","msg":"Session opened"}');
    watch.take('{"level":"WARN","msg":"Request refused"}');
    assert.equal(watch.counted("Session opened"), 1);
    assert.deepEqual(findings.failures, []);
  });
});

describe("a soak's look at memory", () => {
  const growing = Array.from(
    { length: 600 },
    (_, second) => (100 + second / 10) * MIB,
  );

  it("fails a long run whose memory grows", () => {
    const findings = new Findings();
    const { growth } = judgeMemory(growing, 600, findings);
    assert.ok(growth > 1.2);
    assert.equal(findings.failuresOf("memory"), 1);
  });

  it("judges neither a flat run nor a short one", () => {
    const findings = new Findings();
    judgeMemory(growing.map(() => 100 * MIB), 600, findings);
    judgeMemory(growing.slice(0, 60), 60, findings);
    assert.deepEqual(findings.failures, []);
  });
});
