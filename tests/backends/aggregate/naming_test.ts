// Names at the root: legal, short enough, each of one thing only, the same every time, and plain ones lead back.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  DEFAULT_NAMING,
  Naming,
} from "../../../lib/backends/aggregate/naming.ts";
import type {
  NamingOptions,
  Target,
} from "../../../lib/backends/aggregate/naming.ts";
import { holds, LIMIT } from "../../fuzz/fuzz.ts";

const LEGAL = /^[a-zA-Z0-9_-]+$/;
const RUNS = 2_000;

const naming = new Naming(DEFAULT_NAMING);

function prefixed(server: string, own: string): string {
  return naming.prefixed({ server, own });
}

/** Names of servers as a configuration may have them: few letters, so that they meet. */
function serverName(): fc.Arbitrary<string> {
  return fc.string({
    unit: fc.constantFrom("a", "b", "_", "-", ".", "~"),
    minLength: 1,
    maxLength: 64,
  });
}

/** Names of tools as servers may have them. */
function ownName(): fc.Arbitrary<string> {
  const few = fc.string({ unit: fc.constantFrom("a", "_", ".", "é", "b") });
  const hashed = fc.stringMatching(/^[ab]_[0-9a-f]{12}$/);
  return fc.oneof(few, hashed, fc.string({ maxLength: 80 }));
}

function target(): fc.Arbitrary<Target> {
  return fc.record({ server: serverName(), own: ownName() });
}

function options(): fc.Arbitrary<NamingOptions> {
  return fc.record({
    prefix: fc.constantFrom("always", "on-conflict", "never"),
    separator: fc.constantFrom("__", "_", "-", "--", "x"),
    nameLength: fc.integer({ min: 24, max: 128 }),
  });
}

function isSame(a: Target, b: Target): boolean {
  return a.server === b.server && a.own === b.own;
}

describe("a name at the root", () => {
  it("is the server's with that of the tool behind it", () => {
    assert.equal(prefixed("files", "read_file"), "files__read_file");
    assert.equal(prefixed("my-db", "get_references"), "my-db__get_references");
  });

  it("keeps its beginning where it is too long, and ends with a hash", () => {
    const name = prefixed("files", "x".repeat(60));
    assert.match(name, /^files__x{28}_[0-9a-f]{12}$/);
    assert.equal(name.length, 48);
  });

  it("has no character that clients refuse", () => {
    assert.match(prefixed("my.db", "query"), /^my_db__query_[0-9a-f]{12}$/);
    assert.match(prefixed("db", "a/b c"), /^db__a_b_c_[0-9a-f]{12}$/);
  });

  it("tells servers apart whose names end or go on like a separator", () => {
    const names = [
      prefixed("a", "b__c"),
      prefixed("a__b", "c"),
      prefixed("a_", "b__c"),
      prefixed("a", "_b__c"),
    ];
    assert.equal(new Set(names).size, names.length);
  });

  it(
    "is legal and short enough, whatever servers and tools are called",
    LIMIT,
    async () => {
      await holds(
        fc.property(options(), target(), (options, target) => {
          const naming = new Naming(options);
          for (const name of naming.candidates(target)) {
            assert.match(name, LEGAL);
            assert.ok(name.length <= options.nameLength, name);
          }
        }),
        RUNS,
      );
    },
  );

  it(
    "is never that of another thing, where it begins with the server's",
    LIMIT,
    async () => {
      await holds(
        fc.property(options(), target(), target(), (options, one, other) => {
          fc.pre(!isSame(one, other));
          const naming = new Naming(options);
          assert.notEqual(naming.prefixed(one), naming.prefixed(other));
        }),
        RUNS,
        [[
          DEFAULT_NAMING,
          { server: "a_", own: "b" },
          { server: "a", own: "_b" },
        ]],
      );
    },
  );

  it(
    "leads back to what it stands for, unless it had to be changed",
    LIMIT,
    async () => {
      await holds(
        fc.property(options(), target(), (options, target) => {
          const naming = new Naming(options);
          const name = naming.prefixed(target);
          const read = naming.read(name);
          const plain = `${target.server}${options.separator}${target.own}`;
          const isPlain = name === plain && options.prefix === "always";
          if (isPlain) assert.deepEqual(read, { ...target });
          else assert.equal(read, undefined);
        }),
        RUNS,
      );
    },
  );

  it("depends on nothing but itself", LIMIT, async () => {
    await holds(
      fc.property(options(), target(), (options, target) => {
        const again = new Naming({ ...options });
        assert.deepEqual(
          new Naming(options).candidates(target),
          again.candidates({ ...target }),
        );
      }),
      RUNS,
    );
  });
});
