// Whether a server still offers what it once did.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { keepsCapabilities } from "../../lib/backends/capabilities.ts";

const BEFORE = {
  tools: { listChanged: true },
  resources: { subscribe: true, listChanged: false },
  logging: {},
  experimental: { "x/y": { deep: { on: true } } },
};

describe("capabilities", () => {
  for (
    const [what, now] of [
      ["are the same", BEFORE],
      ["are more", {
        ...BEFORE,
        prompts: {},
        logging: { more: 1 },
        resources: { subscribe: true, listChanged: true },
      }],
      ["have lost what was off", {
        ...BEFORE,
        resources: { subscribe: true },
      }],
    ] as const
  ) {
    it(`that ${what} are kept`, () => {
      assert.equal(keepsCapabilities(BEFORE, now), true);
    });
  }

  for (
    const [what, now] of [
      ["are gone", undefined],
      ["lack an object", { ...BEFORE, logging: undefined }],
      ["have another value for an object", { ...BEFORE, logging: true }],
      ["have a list for an object", { ...BEFORE, logging: [] }],
      ["have a flag off", { ...BEFORE, tools: { listChanged: false } }],
      ["lack a flag", { ...BEFORE, tools: {} }],
      ["lack one deep down", {
        ...BEFORE,
        experimental: { "x/y": { deep: {} } },
      }],
    ] as const
  ) {
    it(`that ${what} are not kept`, () => {
      assert.equal(keepsCapabilities(BEFORE, now), false);
    });
  }

  it("that were none are always kept", () => {
    assert.equal(keepsCapabilities(undefined, undefined), true);
    assert.equal(keepsCapabilities({}, {}), true);
  });

  it("are what a server wrote, not what every object has", () => {
    const before = JSON.parse('{"__proto__":{},"constructor":{}}');
    assert.equal(keepsCapabilities(before, {}), false);
    assert.equal(keepsCapabilities(before, before), true);
  });

  it("may be nested deeper than calls can go", () => {
    const depth = 50_000;
    const deep = (leaf: string) =>
      JSON.parse(`${'{"a":'.repeat(depth)}${leaf}${"}".repeat(depth)}`);
    assert.equal(keepsCapabilities(deep("true"), deep("true")), true);
    assert.equal(keepsCapabilities(deep("true"), deep("false")), false);
  });
});
