// Where a check comes out otherwise through the gateway than without it.

import type { Check, Results } from "./check.ts";

/** The status of a check that was not made, because its scenario took another way. */
export const ABSENT = "ABSENT";

/** One check of one cell. */
export interface Difference {
  readonly cell: string;
  readonly scenario: string;
  readonly check: string;
  /** How it comes out without the gateway: a status of the suite, or `ABSENT`. */
  readonly direct: string;
  /** How it comes out through the gateway. */
  readonly through: string;
  /** What the suite says to that. */
  readonly message?: string;
}

/** Compares two runs of the suite. */
export function differencesOf(
  cell: string,
  direct: Results,
  through: Results,
): Difference[] {
  const scenarios = new Set([...direct.keys(), ...through.keys()]);
  return [...scenarios].flatMap((scenario) =>
    differencesIn(
      { cell, scenario },
      direct.get(scenario),
      through.get(scenario),
    )
  );
}

/** Compares two runs of one scenario. */
export function differencesIn(
  place: Pick<Difference, "cell" | "scenario">,
  before: readonly Check[] = [],
  after: readonly Check[] = [],
): Difference[] {
  const direct = new Map(before.map((check) => [check.name, check]));
  const through = new Map(after.map((check) => [check.name, check]));
  const names = new Set([...direct.keys(), ...through.keys()]);
  return [...names].map((check) => {
    const message = through.get(check)?.message;
    return {
      ...place,
      check,
      direct: direct.get(check)?.status ?? ABSENT,
      through: through.get(check)?.status ?? ABSENT,
      ...message && { message },
    };
  }).filter((one) => one.direct !== one.through);
}

/** Whether two differences are of the same check and kind, wherever they occur. */
export function areAlike(one: Difference, other: Difference): boolean {
  return one.scenario === other.scenario && one.check === other.check &&
    one.direct === other.direct && one.through === other.through;
}

/** Whether one of them is of the same cell, check and kind. */
export function isAmong(
  differences: readonly Difference[],
  wanted: Difference,
): boolean {
  return differences.some((one) =>
    one.cell === wanted.cell && areAlike(one, wanted)
  );
}
