// The official conformance suite through the executable: nothing comes out otherwise than the list and the page say. `deno task conformance` shows more.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { CELLS } from "../conformance/cells.ts";
import { knownDifferences } from "../conformance/known_differences.ts";
import { measure } from "../conformance/measure.ts";
import { updated } from "../conformance/page.ts";
import { surprises } from "../conformance/surprises.ts";

const PAGE = new URL("../../docs/conformance.md", import.meta.url);

/** Many runs of a few seconds each. */
const LIMIT = { timeout: 600_000 };

it(
  "carries every check of the official suite on as it came out without it",
  LIMIT,
  async () => {
    const known = knownDifferences();
    const matrix = await measure(CELLS, known);
    assert.deepEqual(surprises(matrix, known), []);
    const page = readFileSync(PAGE, "utf8");
    assert.ok(
      updated(page, matrix, known) === page,
      "docs/conformance.md is older: deno task conformance --write",
    );
  },
);
