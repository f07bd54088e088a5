// How wide texts are on a terminal.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  cutTo,
  displayWidth,
  wrapTo,
} from "../../lib/cli/check/display_width.ts";

describe("the width of a text", () => {
  const WIDTHS: readonly (readonly [string, number])[] = [
    ["", 0],
    ["plain ASCII", 11],
    ["naïve", 5],
    ["nai\u0308ve", 5],
    ["日本語", 6],
    ["한국어", 6],
    ["ひらがな", 8],
    ["データベース", 12],
    ["ﾊﾝｶｸ", 4],
    ["ＦＵＬＬ", 8],
    ["привет", 6],
    ["🚀", 2],
    ["👩‍👩‍👧", 2],
    ["❤️", 2],
    ["…", 1],
    ["a\u200bb", 2],
  ];
  for (const [text, width] of WIDTHS) {
    it(`of ${JSON.stringify(text)} is ${width}`, () => {
      assert.equal(displayWidth(text), width);
    });
  }
});

describe("cutting", () => {
  it("leaves what fits", () => {
    assert.equal(cutTo("twelve chars", 12), "twelve chars");
    assert.equal(cutTo("日本語", 6), "日本語");
  });

  it("keeps whole characters", () => {
    assert.equal(cutTo("twelve chars", 11), "twelve cha…");
    assert.equal(cutTo("日本語", 5), "日本…");
    assert.equal(cutTo("日本語", 4), "日…");
    assert.equal(cutTo("e\u0301e\u0301e\u0301", 2), "e\u0301…");
    assert.equal(cutTo("ab", 1), "…");
    assert.equal(cutTo("ab", 0), "");
  });
});

describe("wrapping", () => {
  it("breaks between words", () => {
    assert.deepEqual(wrapTo("one two three four", 9), [
      "one two",
      "three",
      "four",
    ]);
  });

  it("breaks words that are too long", () => {
    assert.deepEqual(wrapTo("a /very/long/path b", 6), [
      "a",
      "/very/",
      "long/p",
      "ath b",
    ]);
  });

  it("keeps the spaces of a text that fits", () => {
    assert.deepEqual(wrapTo("  at line 3", 20), ["  at line 3"]);
  });
});
