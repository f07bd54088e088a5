// One check of the suite, and how it came out.

/** As the suite writes it down; it has more members. */
export interface RawCheck {
  readonly id: string;
  readonly name: string;
  /** `SUCCESS`, `FAILURE`, `WARNING`, `SKIPPED` or `INFO`. */
  readonly status: string;
  readonly errorMessage?: string;
}

/** One check of one run. */
export interface Check {
  /** What tells it from the other checks of its scenario: ids of the suite repeat. */
  readonly name: string;
  /** As the suite has it. */
  readonly status: string;
  /** Why it failed, as the suite says it. */
  readonly message?: string;
}

/** The checks of one run by scenario, in the suite's order. */
export type Results = ReadonlyMap<string, readonly Check[]>;

/** What a scenario saw on the way, which the suite lists among its checks. */
const SEEN = new Set([
  "outgoing-request",
  "incoming-response",
  "incoming-sse-event",
  "stream-closed",
]);
const BAD = new Set(["FAILURE", "WARNING"]);

/** The checks of a scenario: those of one id are told apart by their names, and those of one name by a number. */
export function checksOf(raw: readonly RawCheck[]): Check[] {
  const times = new Map<string, number>();
  return raw.filter(isCheck).map(({ id, name, status, errorMessage }) => {
    const both = `${id} ${name}`;
    const time = (times.get(both) ?? 0) + 1;
    times.set(both, time);
    return {
      name: time === 1 ? both : `${both} ${time}`,
      status,
      ...errorMessage && { message: errorMessage },
    };
  });
}

/** Whether a check found a fault. */
export function isBad({ status }: Pick<Check, "status">): boolean {
  return BAD.has(status);
}

function isCheck({ id, status }: RawCheck): boolean {
  return status !== "INFO" || !SEEN.has(id);
}
