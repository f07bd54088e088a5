// A time that something took, for people.

/** `412 ms`, or `1.2 s` from one second up. */
export function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
