// Ids that JSON can hold and a number of JavaScript cannot.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  exactJson,
  exactNumber,
  isRounded,
} from "../../lib/protocol/exact_number.ts";

const JSON_TEXT = new TextEncoder().encode(
  `{"id":9007199254740993,"x":{"id":9007199254740995},
  "params":{"requestId":-18446744073709551615,"n":1e300}}`,
);

describe("a whole number beyond 2^53", () => {
  it("is read as it is written, at its place and no other", () => {
    assert.equal(exactNumber(JSON_TEXT, ["id"]), 9007199254740993n);
    assert.equal(exactNumber(JSON_TEXT, ["x", "id"]), 9007199254740995n);
    assert.equal(
      exactNumber(JSON_TEXT, ["params", "requestId"]),
      -18446744073709551615n,
    );
  });

  it("is not found where there is none", () => {
    assert.equal(exactNumber(JSON_TEXT, ["y", "id"]), undefined);
    assert.equal(exactNumber(JSON_TEXT, ["params", "id"]), undefined);
    assert.equal(exactNumber(JSON_TEXT, ["params", "n"]), undefined);
  });

  it("is found however deep the rest is nested", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const json = `{"params":${deep},"id":9007199254740993}`;
    const bytes = new TextEncoder().encode(json);
    assert.equal(exactNumber(bytes, ["id"]), 9007199254740993n);
  });

  it("is known by its being rounded", () => {
    assert.equal(isRounded(2 ** 53), true);
    assert.equal(isRounded(2 ** 53 - 1), false);
    assert.equal(isRounded(1.5), false);
    assert.equal(isRounded("9007199254740993"), false);
  });

  it("is written as it was read", () => {
    const value = { id: 9007199254740993n, list: [1n, 2, "3"] };
    assert.equal(exactJson(value), '{"id":9007199254740993,"list":[1,2,"3"]}');
  });
});
