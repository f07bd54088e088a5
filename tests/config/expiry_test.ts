// `expires` of a token: how it is written, and what is told of tokens near their end.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { momentIn, momentText } from "../../lib/moment.ts";
import { assertError, assertWarning, read, withTokens } from "./marked.ts";

const TOKEN = "0123456789abcdef";
const PATH = "proxy.auth.tokens.dev.expires";
const NOW = new Date("2026-06-01T12:00:00Z");

function withExpiry(expires: string): string {
  return withTokens(
    `"dev": { "value": "${TOKEN}", "expires": ▲${JSON.stringify(expires)} }`,
  );
}

function sound(text: string): string {
  return text.replace("▲", "");
}

describe("the end of a token", () => {
  const moments: [string, string, string][] = [
    [
      "a date alone, to the end of it in UTC",
      "2027-01-31",
      "2027-02-01T00:00:00Z",
    ],
    ["a leap day", "2028-02-29", "2028-03-01T00:00:00Z"],
    ["a time in UTC", "2027-01-31T12:30:00Z", "2027-01-31T12:30:00Z"],
    ["letters in lower case", "2027-01-31t12:30:00z", "2027-01-31T12:30:00Z"],
    ["a time elsewhere", "2027-01-31T12:30:00+02:00", "2027-01-31T10:30:00Z"],
    ["a time west of it", "2027-01-31T23:30:00-01:00", "2027-02-01T00:30:00Z"],
    ["a fraction", "2027-01-31T12:30:00.25Z", "2027-01-31T12:30:00.250Z"],
  ];
  for (const [what, written, expected] of moments) {
    it(`may be ${what}`, () => {
      const { config, problems } = read(sound(withExpiry(written)));
      assert.deepEqual(problems, []);
      const { expires } = config?.tokens.get("dev") ?? {};
      assert.equal(expires && momentText(expires), expected);
    });
  }

  it("may come from a variable, and is absent where nothing is written", () => {
    const { config } = read(
      withTokens(`"dev": { "value": "${TOKEN}", "expires": "$env:END" },
        "ops": { "value": "${TOKEN}2" }`),
      { environment: { END: "2027-01-31T00:00:00Z" } },
    );
    const ends = [...config?.tokens.values() ?? []].map((one) => one.expires);
    assert.deepEqual(ends, [new Date("2027-01-31T00:00:00Z"), undefined]);
  });

  const none = [
    "",
    "soon",
    "2027-02-29",
    "2027-13-01",
    "2027-1-1",
    "31.01.2027",
    "2027-01-31T12:30",
    "2027-01-31T12:30:00",
    "2027-01-31 12:30:00Z",
    "2027-01-31T25:00:00Z",
    "2027-02-30T12:00:00Z",
    "2027-01-31T12:30:00+99:00",
    " 2027-01-31",
    "1798761600",
  ];
  for (const written of none) {
    it(`may not be "${written}"`, () => {
      assert.equal(momentIn(written), undefined);
      assertError(withExpiry(written), {
        path: PATH,
        message: /^found no date$/,
        hint: /"2027-01-31"/,
      });
    });
  }

  it("is a string", () => {
    const text = withTokens(`"dev": { "value": "${TOKEN}", "expires": ▲2027 }`);
    assertError(text, { path: PATH, message: /a number, wanted a date/ });
  });

  it("that has been is a warning", () => {
    assertWarning(withExpiry("2026-06-01T12:00:00Z"), {
      path: PATH,
      message: /"dev" has expired: it was valid until 2026-06-01T12:00:00Z$/,
      hint: /token new/,
    }, { now: NOW });
  });

  it("that comes within 7 days is a warning", () => {
    assertWarning(withExpiry("2026-06-08T12:00:00Z"), {
      path: PATH,
      message:
        /"dev" expires within 7 days: it is valid until 2026-06-08T12:00:00Z$/,
    }, { now: NOW });
    const later = read(sound(withExpiry("2026-06-08T12:00:01Z")), { now: NOW });
    assert.deepEqual(later.problems, []);
  });

  it("is told also where variables are not looked at", () => {
    const text = sound(withExpiry("2026-05-31"))
      .replace(TOKEN, "$env:UNSET");
    const { problems, rules } = read(text, {
      environment: "unknown",
      now: NOW,
    });
    assert.match(problems[0]?.message ?? "", /has expired/);
    assert.deepEqual(
      rules?.expiries,
      new Map([["dev", new Date("2026-06-01T00:00:00Z")]]),
    );
  });

  it("hides no date that stands elsewhere, and shows no token in its place", () => {
    const text = sound(withExpiry("2027-01-31")).replace(
      `"node"`,
      `"node", "authTokens": ["2027-01-31"]`,
    );
    assert.match(JSON.stringify(read(text).problems), /found \\"2027-01-31\\"/);
    const misplaced = sound(withExpiry("misplaced-0123456789")).replace(
      `"node"`,
      `"node", "authTokens": ["misplaced-0123456789"]`,
    );
    const said = JSON.stringify(read(misplaced).problems);
    assert.doesNotMatch(said, /misplaced/);
  });
});
