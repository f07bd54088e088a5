// Which name stands for what in a session, by each scheme of prefixes.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  Directory,
  MAX_NAME_CHARS,
} from "../../../lib/backends/aggregate/directory.ts";
import {
  DEFAULT_NAMING,
  Naming,
} from "../../../lib/backends/aggregate/naming.ts";
import type {
  PrefixScheme,
  Target,
} from "../../../lib/backends/aggregate/naming.ts";
import { Memory } from "../../../lib/channel/memory.ts";
import { holds, LIMIT } from "../../fuzz/fuzz.ts";
import { logInto } from "../../support/log_lines.ts";
import type { LogLine } from "../../support/log_lines.ts";

const MIB = 1024 * 1024;

const SEARCH_A: Target = { server: "a", own: "search" };
const SEARCH_B: Target = { server: "b", own: "search" };

function directoryOf(prefix: PrefixScheme) {
  const lines: LogLine[] = [];
  const naming = new Naming({ ...DEFAULT_NAMING, prefix });
  return {
    lines,
    directory: new Directory(
      "tool",
      naming,
      new Memory(64 * MIB),
      logInto(lines),
    ),
  };
}

describe("with a prefix always", () => {
  it("names are known without having been listed", () => {
    const { directory } = directoryOf("always");
    assert.deepEqual(directory.find("a__search"), SEARCH_A);
    assert.equal(directory.find("search"), undefined);
  });

  it("a name that had to be changed is known once it was listed", () => {
    const { directory } = directoryOf("always");
    const long = { server: "a", own: "x".repeat(100) };
    const name = directory.nameOf(long) as string;
    assert.deepEqual(directory.find(name), long);
    const { directory: other } = directoryOf("always");
    assert.equal(other.find(name), undefined);
  });
});

describe("with a prefix on conflict", () => {
  it("the first keeps its name, and the next gets that of its server before it", () => {
    const { directory, lines } = directoryOf("on-conflict");
    assert.equal(directory.nameOf(SEARCH_A), "search");
    assert.equal(directory.nameOf(SEARCH_B), "b__search");
    assert.deepEqual(directory.find("search"), SEARCH_A);
    assert.deepEqual(directory.find("b__search"), SEARCH_B);
    assert.deepEqual(lines, []);
  });

  it("a name that was told keeps its meaning when another server comes late", () => {
    const { directory } = directoryOf("on-conflict");
    assert.equal(directory.nameOf(SEARCH_B), "search");
    assert.equal(directory.nameOf(SEARCH_A), "a__search");
    assert.equal(directory.nameOf(SEARCH_B), "search");
  });

  it("a name that looks like one with a prefix hides nothing", () => {
    const { directory } = directoryOf("on-conflict");
    const lookAlike = { server: "c", own: "b__search" };
    assert.equal(directory.nameOf(lookAlike), "b__search");
    assert.equal(directory.nameOf(SEARCH_A), "search");
    const name = directory.nameOf(SEARCH_B) as string;
    assert.match(name, /^b__search_[0-9a-f]{12}$/);
    assert.deepEqual(directory.find(name), SEARCH_B);
  });
});

describe("with a prefix never", () => {
  it("the first keeps the name, the next is hidden, and the log names both, once", () => {
    const { directory, lines } = directoryOf("never");
    assert.equal(directory.nameOf(SEARCH_A), "search");
    assert.equal(directory.nameOf(SEARCH_B), undefined);
    assert.equal(directory.nameOf(SEARCH_B), undefined);
    assert.deepEqual(lines, [{
      level: "ERROR",
      msg: "Hidden at the root endpoint",
      server: "b",
      tool: "search",
      reason: 'the name is kept by server "a"',
    }]);
  });
});

describe("a name of a server's own", () => {
  it("that is very long is hidden, and the log shows its beginning", () => {
    const { directory, lines } = directoryOf("always");
    const own = "x".repeat(MAX_NAME_CHARS + 1);
    assert.equal(directory.nameOf({ server: "a", own }), undefined);
    const [line] = lines;
    assert.equal(String(line?.tool).length, 128);
    assert.equal(line?.reason, "the name is too long");
  });

  it("is hidden where the session can hold no more", () => {
    const naming = new Naming({ ...DEFAULT_NAMING, prefix: "never" });
    const full = new Memory(1);
    full.add(1);
    const directory = new Directory("tool", naming, full, logInto([]));
    assert.equal(directory.nameOf(SEARCH_A), undefined);
  });
});

for (const prefix of ["always", "on-conflict", "never"] as const) {
  it(
    `with a prefix ${prefix} a name stands for one thing, and each thing keeps its name`,
    LIMIT,
    async () => {
      const word = fc.string({
        unit: fc.constantFrom("a", "b", "_", "é"),
        minLength: 1,
        maxLength: 30,
      });
      const targets = fc.array(fc.record({
        server: word.filter((name) => !name.includes("é")),
        own: word,
      }));
      await holds(
        fc.property(targets, (targets) => {
          const { directory } = directoryOf(prefix);
          const names = targets.map((one) => directory.nameOf(one));
          for (const [index, name] of names.entries()) {
            const target = targets[index] as Target;
            assert.equal(directory.nameOf(target), name);
            if (name === undefined) assert.equal(prefix, "never");
            else assert.deepEqual({ ...directory.find(name) }, { ...target });
          }
        }),
        500,
      );
    },
  );
}
