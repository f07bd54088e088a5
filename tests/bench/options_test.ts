// What the benchmark is told on its command line.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { benchOptions, SECTIONS } from "../../bench/options.ts";

describe("the options of the benchmark", () => {
  it("are every section with the peers when nothing is said", () => {
    const { only, peers, full, write } = benchOptions([]);
    assert.deepEqual({ only, peers, full, write }, {
      only: [...SECTIONS],
      peers: true,
      full: false,
      write: false,
    });
  });

  it("name sections, which run in their own order", () => {
    const { only } = benchOptions(["--only", "large,matrix"]);
    assert.deepEqual(only, ["matrix", "large"]);
  });

  it("make everything longer with --full, unless they say how long", () => {
    const full = benchOptions(["--full", "--rounds", "2"]);
    assert.equal(full.rounds, 2);
    assert.ok(full.windowMs > benchOptions([]).windowMs);
  });

  it("are refused when they make no sense", () => {
    assert.throws(() => benchOptions(["--only", "matrix,speed"]), {
      message: `--only: found "speed", wanted ${SECTIONS.join(", ")}`,
    });
    assert.throws(() => benchOptions(["--rounds", "0"]), {
      message: '--rounds: found "0", wanted a whole number above 0',
    });
    assert.throws(() => benchOptions(["--everything"]));
  });
});
