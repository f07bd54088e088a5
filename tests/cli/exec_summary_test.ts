// What is told of a run: the counts, and both forms in which they are written.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SaxesParser } from "saxes";
import { jsonSummary } from "../../lib/cli/exec/json_summary.ts";
import { junitSummary } from "../../lib/cli/exec/junit_summary.ts";
import { MAX_TOOLS, OTHER_TOOLS, Tally } from "../../lib/cli/exec/tally.ts";

const STARTED = new Date("2026-01-15T10:30:00.123Z");
const ENDED = new Date("2026-01-15T10:30:12.345Z");

/** A name that no document may take as it is. */
const ODD = `a"b'<c>&\t\n\u0000\u001b[2J\ud800]]>é😀`;
/** The same with what XML has no characters for replaced. */
const ODD_SHOWN = `a"b'<c>&\t\n\ufffd\ufffd[2J\ufffd]]>é😀`;

function summaryOf(tally: Tally, exitCode = 0) {
  const { servers } = tally;
  return { token: "ci", started: STARTED, ended: ENDED, exitCode, servers };
}

function called(): Tally {
  const tally = new Tally(["files", "db", "idle"]);
  const call = (tool: string, end: "done" | "failed" | "refused") =>
    tally.called({ server: "files", tool, end, durationMs: 2 });
  for (const end of ["done", "failed", "done"] as const) call("read", end);
  call("write", "refused");
  tally.called({
    server: "db",
    tool: ODD,
    end: "unanswered",
    durationMs: 250.25,
  });
  return tally;
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The elements of a document, in their order. Throws where it is not well-formed. */
function elementsOf(xml: string): Element[] {
  const found: Element[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    found.push({ name, attributes: attributes as Element["attributes"] });
  });
  parser.write(xml).close();
  return found;
}

describe("the tally", () => {
  it("counts the requests to a server that may not be used", () => {
    const tally = new Tally(["files", "db"]);
    const refusal = { token_name: "ci", server: "db", fault: "invalid_token" };
    tally.logged("Request refused", refusal);
    tally.logged("Request refused", { ...refusal, fault: "not_found" });
    tally.logged("Request refused", { ...refusal, server: "none" });
    tally.logged("Request refused", { ...refusal, token_name: undefined });
    tally.logged("Something else", refusal);
    assert.deepEqual(tally.servers.map(({ turnedAway }) => turnedAway), [0, 1]);
  });

  it("tells so many names apart, and puts the others together", () => {
    const tally = new Tally(["files"]);
    for (let at = 0; at < MAX_TOOLS + 5; at++) {
      tally.called({
        server: "files",
        tool: `t${at}`,
        end: "done",
        durationMs: 1,
      });
    }
    const tools = tally.servers[0]?.tools;
    assert.equal(tools?.size, MAX_TOOLS + 1);
    assert.equal(tools?.get(OTHER_TOOLS)?.calls, 5);
  });
});

describe("the summary as JSON", () => {
  it("has the counts of all, of each server and of each tool", () => {
    const whole = JSON.parse(jsonSummary(summaryOf(called(), 7)));
    const { servers, version, ...head } = whole;
    assert.match(version, /^\d+\.\d+\.\d+/);
    assert.deepEqual(head, {
      token: "ci",
      started: STARTED.toISOString(),
      ended: ENDED.toISOString(),
      duration_ms: 12_222,
      exit_code: 7,
      calls: 5,
      failures: 1,
      refusals: 1,
      unanswered: 1,
      total_ms: 258,
      max_ms: 250,
    });
    assert.deepEqual(servers[0], {
      name: "files",
      requests_refused: 0,
      calls: 4,
      failures: 1,
      refusals: 1,
      unanswered: 0,
      total_ms: 8,
      max_ms: 2,
      tools: [
        {
          name: "read",
          calls: 3,
          failures: 1,
          refusals: 0,
          unanswered: 0,
          total_ms: 6,
          max_ms: 2,
        },
        {
          name: "write",
          calls: 1,
          failures: 0,
          refusals: 1,
          unanswered: 0,
          total_ms: 2,
          max_ms: 2,
        },
      ],
    });
    assert.equal(servers[1].tools[0].name, ODD);
    assert.deepEqual(servers[2].tools, []);
  });
});

describe("the summary as JUnit XML", () => {
  it("has a suite for the command and each server, and a case for each tool", () => {
    const tally = called();
    tally.logged("Request refused", {
      token_name: "ci",
      server: "idle",
      fault: "invalid_token",
    });
    const [root, ...elements] = elementsOf(junitSummary(summaryOf(tally, 7)));
    const timestamp = "2026-01-15T10:30:00";
    assert.deepEqual({ ...root?.attributes }, {
      name: "mcp-front exec",
      tests: "5",
      failures: "4",
      errors: "0",
      skipped: "0",
      time: "12.222",
      timestamp,
    });
    const shown = elements.map(({ name, attributes }) =>
      [
        name,
        attributes.classname,
        attributes.name,
        attributes.type,
        attributes.time,
        attributes.message,
      ].filter((part) => part !== undefined).join(" | ")
    );
    assert.deepEqual(shown, [
      "testsuite | command | 12.222",
      "testcase | command | command | 12.222",
      "failure | exit_code | the command ended with exit code 7",
      "testsuite | files | 0.008",
      "testcase | files | read | 0.006",
      "failure | failed | 1 of 3 calls failed",
      "testcase | files | write | 0.002",
      "failure | refused | 1 of 1 calls were refused by a rule",
      "testsuite | db | 0.250",
      `testcase | db | ${ODD_SHOWN} | 0.250`,
      "testsuite | idle | 0.000",
      "testcase | idle | (server) | 0.000",
      "failure | refused | requests that were refused, as the command may not " +
      "use this server: 1",
    ]);
  });

  it("has no failure where there is none", () => {
    const elements = elementsOf(junitSummary(summaryOf(new Tally(["files"]))));
    assert.deepEqual(elements.map(({ name }) => name), [
      "testsuites",
      "testsuite",
      "testcase",
      "testsuite",
    ]);
    assert.equal(elements[0]?.attributes.failures, "0");
  });
});
