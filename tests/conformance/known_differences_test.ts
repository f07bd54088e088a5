// The list of known differences, and what surprises beside it.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { titleOf } from "./cells.ts";
import type { Cell } from "./cells.ts";
import { checksOf } from "./check.ts";
import type { RawCheck } from "./check.ts";
import { differencesOf } from "./differences.ts";
import { accepted, grouped } from "./known_differences.ts";
import type { KnownDifference } from "./known_differences.ts";
import { surprises } from "./surprises.ts";

const SAME_ERA: Cell = {
  revision: "2025-11-25",
  fixture: { era: "legacy", transport: "stdio" },
};
const OTHER_ERA: Cell = {
  revision: "2025-11-25",
  fixture: { era: "modern", transport: "stdio" },
};

function results(...statuses: readonly string[]) {
  const raw = statuses.map((status): RawCheck => ({
    id: "id",
    name: "Name",
    status,
    ...status === "FAILURE" && { errorMessage: "broken" },
  }));
  return new Map([["scenario", checksOf(raw)]]);
}

function known(cell: Cell, more: Partial<KnownDifference>): KnownDifference {
  const check = "id Name";
  const place = { cell: titleOf(cell), scenario: "scenario", check };
  const kind = { direct: "SUCCESS", through: "INFO", reason: "so" };
  return { ...place, ...kind, ...more };
}

/** What surprises where `direct` became `through` in a cell. */
function surprisesOf(
  cell: Cell,
  [direct, through]: readonly [string, string],
  list: readonly KnownDifference[],
): string[] {
  const run = { ms: 0, repeated: [] };
  const baseline = { title: "base", results: results(direct), ...run };
  const after = results(through);
  const differences = differencesOf(titleOf(cell), baseline.results, after);
  const measured = { cell, baseline, results: after, differences, ...run };
  return surprises({ baselines: [baseline], cells: [measured] }, list);
}

describe("the differences of two runs", () => {
  it("tell checks of one name apart, and those that only one run made", () => {
    const found = differencesOf(
      "cell",
      results("SUCCESS", "SUCCESS", "SUCCESS"),
      results("SUCCESS", "FAILURE"),
    );
    const place = { cell: "cell", scenario: "scenario" };
    assert.deepEqual(found, [
      {
        ...place,
        check: "id Name 2",
        direct: "SUCCESS",
        through: "FAILURE",
        message: "broken",
      },
      { ...place, check: "id Name 3", direct: "SUCCESS", through: "ABSENT" },
    ]);
  });

  it("has every check of a scenario that only one of them ran", () => {
    const [difference] = differencesOf("cell", results("INFO"), new Map());
    assert.equal(difference?.through, "ABSENT");
  });
});

describe("what surprises", () => {
  const noted = ["SUCCESS", "INFO"] as const;
  const failed = ["SUCCESS", "FAILURE"] as const;
  const failing = { through: "FAILURE" };
  for (
    const [title, cell, statuses, list, wanted] of [
      ["nothing", SAME_ERA, ["SUCCESS", "SUCCESS"], [], undefined],
      ["nothing in the list", SAME_ERA, noted, [{}], undefined],
      ["a new difference", SAME_ERA, noted, [], /^Not in the list: .*INFO$/],
      [
        "another kind",
        SAME_ERA,
        failed,
        [{}],
        /^Not in the list: .*\(broken\)/,
      ],
      ["one that is gone", SAME_ERA, ["INFO", "INFO"], [{}], /no longer so/],
      [
        "one unexplained",
        SAME_ERA,
        noted,
        [{ reason: "" }],
        /^Without a reason/,
      ],
      ["a fault within an era", SAME_ERA, failed, [failing], /^Worse than/],
      ["no fault between eras", OTHER_ERA, failed, [failing], undefined],
      [
        "a faulty baseline",
        SAME_ERA,
        ["FAILURE", "FAILURE"],
        [],
        /^base without/,
      ],
    ] as const
  ) {
    it(`is ${title}`, () => {
      const differences = list.map((more) => known(cell, more));
      const [first, ...more] = surprisesOf(cell, statuses, differences);
      if (wanted === undefined) return assert.equal(first, undefined);
      assert.match(first ?? "", wanted);
      assert.equal(more.every((line) => /no longer/.test(line)), true);
    });
  }
});

describe("accepting what was found", () => {
  it("keeps reasons, takes those of like cells, and forgets what is gone", () => {
    const before = [
      known(SAME_ERA, { reason: "mine" }),
      known(SAME_ERA, { check: "gone" }),
      known(OTHER_ERA, { check: "shared", reason: "ours" }),
    ];
    const cell = titleOf(SAME_ERA);
    const found = ["id Name", "shared", "new"].map((check) => {
      const { reason: _, ...difference } = known(SAME_ERA, { check });
      return difference;
    });
    const after = accepted(before, [cell], found);
    const reasons = grouped(after).map(({ check, reason, cells }) => [
      check,
      reason,
      cells.length,
    ]);
    assert.deepEqual(reasons, [
      ["id Name", "mine", 1],
      ["new", "", 1],
      ["shared", "ours", 2],
    ]);
  });
});
