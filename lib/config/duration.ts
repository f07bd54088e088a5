// Lengths of time as people write them: "500ms", "30s", "5m", "1.5h".

/** What a duration looks like. */
export const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** The longest time a timeout may have: timers of the runtimes overflow beyond 24 days. */
export const MAX_DURATION_MS = 24 * UNIT_MS.h;

/** Milliseconds, rounded; undefined where the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const parts = DURATION.exec(text);
  if (parts === null) return undefined;
  const unit = parts[2] as keyof typeof UNIT_MS;
  return Math.round(Number(parts[1]) * UNIT_MS[unit]);
}

/** The shortest way to write a number of milliseconds that is whole in some unit. */
export function durationText(ms: number): string {
  const units = Object.entries(UNIT_MS).toReversed();
  const [unit, length] = units.find(([, length]) => ms % length === 0) ??
    ["ms", 1];
  return `${ms / length}${unit}`;
}
