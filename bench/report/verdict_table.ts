// The budgets, and how each stands.

import type { Verdict } from "../budgets.ts";
import { shown } from "./table.ts";
import type { Table } from "./table.ts";

/** A row for each. */
export function verdictTable(verdicts: readonly Verdict[]): Table {
  return {
    title: "Budgets",
    columns: ["budget", "bound", "worst figure", "where", "cells", "verdict"],
    rows: verdicts.map(({ what, is, bound, unit, worst, met, of, isMet }) => [
      what,
      `${is} ${bound} ${unit}`,
      `${shown(worst.figure)} ${unit}`,
      worst.where,
      `${met} of ${of}`,
      isMet ? "met" : "not met",
    ]),
  };
}
