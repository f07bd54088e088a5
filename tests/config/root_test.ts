// `proxy.root`: how the root endpoint names what its servers offer.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DEFAULT_NAMING } from "../../lib/backends/aggregate/naming.ts";
import { assertError, read, withProxy } from "./marked.ts";

function withRoot(members: string): string {
  return withProxy(`"addr": "127.0.0.1:0", "root": { ${members} }`);
}

function rootOf(members: string) {
  const { config, problems } = read(withRoot(members));
  assert.deepEqual(problems, []);
  return config?.root;
}

describe("the names at the root", () => {
  it("have their defaults where nothing is said", () => {
    assert.deepEqual(rootOf(""), DEFAULT_NAMING);
  });

  it("can be set", () => {
    assert.deepEqual(
      rootOf('"prefix": "on-conflict", "separator": "-", "nameLength": 64'),
      { prefix: "on-conflict", separator: "-", nameLength: 64 },
    );
    assert.equal(rootOf('"prefix": "never"')?.prefix, "never");
  });

  it("have a prefix by one of three schemes", () => {
    assertError(
      withRoot('"prefix": ▲"sometimes"'),
      {
        path: "proxy.root.prefix",
        message: /found "sometimes", wanted "always", "on-conflict" or "never"/,
      },
    );
  });

  it("have a separator that clients take", () => {
    for (const separator of ["", ".", "a b", "_________"]) {
      assertError(
        withRoot(`"separator": ▲"${separator}"`),
        {
          path: "proxy.root.separator",
          message: /found ".*", wanted 1 to 8 of A-Z a-z 0-9 _ -/,
        },
      );
    }
  });

  it("have a length that leaves room for a hash", () => {
    for (const length of [23, 129, 30.5, -1]) {
      assertError(
        withRoot(`"nameLength": ▲${length}`),
        {
          path: "proxy.root.nameLength",
          message: /found [\d.-]+, wanted a whole number from 24 to 128/,
        },
      );
    }
  });
});
