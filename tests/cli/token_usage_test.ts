// What a log tells of the use of tokens, whatever else is in it and however long it is.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  LogReading,
  MAX_OTHER_NAMES,
  MAX_SERVERS,
} from "../../lib/cli/tokens/log_reading.ts";
import type { TokenUse } from "../../lib/cli/tokens/log_reading.ts";
import { PLAIN } from "../../lib/cli/palette.ts";
import { usageJson } from "../../lib/cli/tokens/usage_json.ts";
import { usageText } from "../../lib/cli/tokens/usage_text.ts";
import { blocksOf } from "../support/markdown.ts";
import { ROOT } from "../support/program.ts";

const encoder = new TextEncoder();

function line(fields: Readonly<Record<string, unknown>>): string {
  const { minute = 0, ...others } = fields;
  const time = `2026-01-15T10:${String(minute).padStart(2, "0")}:00.123Z`;
  const level = "INFO";
  return JSON.stringify({ time, level, msg: REQUEST, ...others });
}

const REQUEST = "Authenticated request";

function readingOf(
  lines: readonly string[],
  names: readonly string[] = ["ci", "old"],
): LogReading {
  const reading = new LogReading(names);
  reading.take(lines.map((text) => encoder.encode(text)));
  return reading;
}

function textOf(reading: LogReading, expiries = new Map<string, Date>()) {
  const about = { file: "config.jsonc", logs: ["a.log"] };
  const report = { ...reading.report(expiries), ...about };
  return usageText(report, { palette: PLAIN });
}

describe("the reading of a log", () => {
  it("finds of each token when it was used, how often and for what, in any order", () => {
    const reading = readingOf([
      line({ token_name: "ci", server: "db", minute: 7 }),
      line({ token_name: "gone", server: "files", minute: 3 }),
      line({ token_name: "ci", server: "files", minute: 5 }),
      line({ token_name: "ci", server: "db", minute: 6 }),
    ]);
    const minute = (at: number) =>
      new Date(Date.UTC(2026, 0, 15, 10, at, 0, 123));
    const expires = new Date("2027-01-01T00:00:00Z");
    assert.deepEqual(reading.report(new Map([["ci", expires]])), {
      lines: 4,
      skipped: 0,
      untold: 0,
      tokens: [
        {
          name: "ci",
          inFile: true,
          expires,
          first: minute(5),
          last: minute(7),
          requests: 3,
          servers: ["db", "files"],
        },
        {
          name: "old",
          inFile: true,
          expires: undefined,
          requests: 0,
          servers: [],
        },
        {
          name: "gone",
          inFile: false,
          first: minute(3),
          last: minute(3),
          requests: 1,
          servers: ["files"],
        },
      ],
    });
  });

  it("takes who was refused for a use, but no line of a session", () => {
    const reading = readingOf([
      line({ token_name: "ci", minute: 1, msg: "Request refused" }),
      line({ token_name: "ci", minute: 2, msg: "Request failed" }),
      line({ token_name: "ci", minute: 3, msg: "Session closed" }),
    ]);
    const [ci] = reading.report(new Map()).tokens;
    assert.deepEqual([ci?.requests, ci?.last?.getUTCMinutes()], [0, 2]);
  });

  it("skips and counts what is no JSON", () => {
    const whole = line({ token_name: "ci" });
    const reading = readingOf([
      "",
      `Jan 15 10:00:00 host mcp-front[1]: ${whole}`,
      whole.slice(0, -1),
      "10:00:00.123 INFO Authenticated request token_name=ci",
      '{"token_name":"ci"}',
      line({ token_name: "ci", time: "never" }),
      line({ token_name: 7 }),
      whole,
    ]);
    assert.deepEqual([reading.lines, reading.skipped], [7, 3]);
    const [ci] = reading.report(new Map()).tokens;
    assert.equal(ci?.requests, 1);
  });

  it("keeps so many names and servers, and no more", () => {
    const more = 5;
    const reading = readingOf([
      ...Array.from(
        { length: MAX_OTHER_NAMES + more },
        (_, at) => line({ token_name: `x${at}` }),
      ),
      ...Array.from(
        { length: MAX_SERVERS + more },
        (_, at) => line({ token_name: "ci", server: `s${at}` }),
      ),
    ]);
    const { tokens, untold } = reading.report(new Map());
    assert.deepEqual([tokens.length, untold], [2 + MAX_OTHER_NAMES, more]);
    assert.equal(tokens[0]?.servers.length, MAX_SERVERS);
    assert.equal(tokens[0]?.requests, MAX_SERVERS + more);
  });
});

describe("the table of the use of tokens", () => {
  it("says which were never used, have expired, or are not in the file", () => {
    const reading = readingOf([
      "no JSON",
      line({ token_name: "ci", server: "db", minute: 7 }),
      line({ token_name: "go\u001bne", minute: 3 }),
    ]);
    const expiries = new Map([
      ["ci", new Date("2999-01-01T00:00:00Z")],
      ["old", new Date("2001-01-01T00:00:00Z")],
    ]);
    assert.equal(
      textOf(reading, expiries).replaceAll(/ {2,}/g, "  "),
      `\
token  last used  first seen  requests  valid  servers
ci  2026-01-15T10:07:00Z  2026-01-15T10:07:00Z  1  until 2999-01-01T00:00:00Z  db
old  never  0  until 2001-01-01T00:00:00Z, over
go\\u001bne  2026-01-15T10:03:00Z  2026-01-15T10:03:00Z  1  not in the file

2 requests from 2026-01-15T10:03:00Z to 2026-01-15T10:07:00Z, in 3 lines
1 line was skipped: it is no JSON
`,
    );
  });

  it("is as the page about tokens shows it", () => {
    const use = (
      name: string,
      first: string | undefined,
      last: string | undefined,
      requests: number,
      more: Partial<TokenUse> = {},
    ): TokenUse => ({
      name,
      inFile: true,
      ...(first && { first: new Date(first) }),
      ...(last && { last: new Date(last) }),
      requests,
      servers: [],
      ...more,
    });
    const servers = ["files", "database"];
    const text = usageText({
      file: "config.jsonc",
      logs: ["mcp-front.log"],
      lines: 51_877,
      skipped: 0,
      untold: 0,
      tokens: [
        use("ci", "2026-08-01T07:30:12Z", "2026-11-02T06:12:44Z", 18_230, {
          expires: new Date("2999-12-01T00:00:00Z"),
          servers,
        }),
        use("ci-2027", "2026-11-02T06:15:20Z", "2026-11-27T09:14:03Z", 4_112, {
          servers,
        }),
        use("spare", undefined, undefined, 0),
        use("bob", "2026-08-02T08:11:37Z", "2026-09-14T16:01:50Z", 310, {
          inFile: false,
          servers: ["database"],
        }),
      ],
    }, { palette: PLAIN });
    const [shown] = blocksOf(join(ROOT, "docs", "tokens.md"))
      .filter(({ text }) => text.startsWith("token "));
    assert.equal(text, `${shown?.text}\n`);
  });

  it("tells callers with access tokens from tokens that are gone", () => {
    const reading = readingOf([
      line({ token_name: "oauth:alice/cursor", server: "db" }),
      line({ token_name: "gone" }),
    ], []);
    const text = textOf(reading).replaceAll(/ {2,}/g, "  ");
    assert.match(text, /^oauth:alice\/cursor .* 1 {2}by OAuth {2}db$/m);
    assert.match(text, /^gone .* {2}not in the file$/m);
    assert.match(text, /^the file has no static token$/m);
    const about = { file: "c", logs: [] };
    const json = usageJson({ ...reading.report(new Map()), ...about });
    assert.deepEqual(
      JSON.parse(json).tokens.map((use: { by_oauth?: true }) => use.by_oauth),
      [true, undefined],
    );
  });

  it("keeps their names whole", () => {
    const name = `oauth:${"s".repeat(64)}/${"c".repeat(64)}`;
    const { tokens } = readingOf([line({ token_name: name })]).report(
      new Map(),
    );
    assert.ok(tokens.some((use) => use.name === name));
  });

  it("does not let a log without requests look like tokens without use", () => {
    const reading = readingOf([line({ msg: "Stopped" })]);
    assert.match(
      textOf(reading),
      /^no request in 1 lines; they are logged with LOG_LEVEL=info/m,
    );
  });
});
