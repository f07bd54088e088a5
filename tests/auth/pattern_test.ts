// Which names a pattern fits, and how long that takes.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { matcherOf } from "../../lib/auth/pattern.ts";

const LONG = 200_000;
const AT_ONCE_MS = 2_000;

describe("a pattern", () => {
  const cases: [string, readonly string[], readonly string[]][] = [
    ["query", ["query"], ["", "quer", "query2", "Query", "a query"]],
    ["*", ["", "query", "a*b", "line\nbreak"], []],
    ["**", ["", "query"], []],
    ["read_*", ["read_", "read_file"], ["read", "xread_file", "READ_file"]],
    ["*_secret", ["_secret", "get_secret"], ["secret", "get_secrets"]],
    ["a*a", ["aa", "aba"], ["a", "ab"]],
    ["ab*ba", ["abba", "ab-ba"], ["aba"]],
    ["a*b*c", ["abc", "a-b-c", "abcbc"], ["ac", "acb", "abcd"]],
    ["*ab*b", ["abb", "ab-b"], ["ab"]],
    ["*b*", ["b", "abc"], ["ac", ""]],
    ["*ab*ab*", ["abab", "xabyabz"], ["ab", "aba"]],
    [".+?[a](b)$^|\\", [".+?[a](b)$^|\\"], ["a", "xx"]],
    ["file:///srv/*", ["file:///srv/a/../b"], ["file:///srv", "FILE:///srv/"]],
    ["é*", ["école"], ["ecole", "e\u0301cole"]],
  ];
  for (const [pattern, fitting, others] of cases) {
    it(`fits the whole name only: ${pattern}`, () => {
      const matches = matcherOf(pattern);
      for (const name of fitting) assert.equal(matches(name), true, name);
      for (const name of others) assert.equal(matches(name), false, name);
    });
  }

  it("goes through a name once, whatever the two are", () => {
    const name = "a".repeat(LONG);
    const start = performance.now();
    for (const pattern of ["a*a*a*b", "*a".repeat(500) + "*b*", "*a*a*c*"]) {
      assert.equal(matcherOf(pattern)(name), false);
    }
    assert.equal(matcherOf("*a".repeat(500) + "*")(name), true);
    assert.ok(performance.now() - start < AT_ONCE_MS);
  });

  it("fits what the same pattern fits as a regular expression", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "*") });
    fc.assert(fc.property(text, text, (pattern, name) => {
      const source = pattern.split("*").join("[^]*");
      assert.equal(
        matcherOf(pattern)(name),
        new RegExp(`^(?:${source})$`).test(name),
        `${pattern} ${name}`,
      );
    }));
  });
});
