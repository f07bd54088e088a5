// What is kept of runs, as JSON: the figures of each section, with when and under what conditions they were measured.

import type { Measure } from "../budgets.ts";
import type { SectionName } from "../options.ts";
import { SECTIONS } from "../options.ts";
import type { Findings } from "../run.ts";
import type { Conditions } from "./conditions.ts";
import type { Table } from "./table.ts";

/** A section, as it was measured last. */
export interface KeptSection {
  readonly name: SectionName;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** How it was run: windows, rounds, sizes. */
  readonly run: string;
  readonly tables: readonly Table[];
  readonly measures: readonly Measure[];
}

/** The whole file. */
export interface Results {
  readonly conditions: Conditions;
  readonly sections: readonly KeptSection[];
}

/** What a run adds. */
export interface News {
  readonly conditions: Conditions;
  readonly date: string;
  readonly run: string;
  readonly found: ReadonlyMap<SectionName, Findings>;
}

/** Puts what is new in the place of what was; figures of other conditions do not stay beside them. */
export function merged(old: Results | undefined, news: News): Results {
  const { conditions, date, run, found } = news;
  const isSame = old !== undefined &&
    JSON.stringify(old.conditions) === JSON.stringify(conditions);
  const kept = isSame ? old.sections : [];
  const sections = SECTIONS.flatMap((name): KeptSection[] => {
    const one = found.get(name);
    if (one) return [{ name, date, run, ...rounded(one) }];
    return kept.filter((section) => section.name === name);
  });
  return { conditions, sections };
}

/** So many digits say all that is known. */
const DIGITS = 4;

function rounded({ tables, measures }: Findings): Findings {
  // What is no number becomes null in JSON.
  const round = (value: number) => Number(value.toPrecision(DIGITS));
  return {
    tables: tables.map(({ title, columns, rows }) => ({
      title,
      columns,
      rows: rows.map((row) =>
        row.map((cell) => typeof cell === "number" ? round(cell) : cell)
      ),
    })),
    measures: measures.map((one) => ({ ...one, figure: round(one.figure) })),
  };
}
