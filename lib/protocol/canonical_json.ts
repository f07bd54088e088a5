// JSON text that is the same for equal values, in whatever order their members stand.

/** The text; throws `RangeError` where a value nests too deep. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member) => {
    if (typeof member !== "object" || member === null) return member;
    if (Array.isArray(member)) return member;
    return Object.fromEntries(
      Object.entries(member).sort(([a], [b]) => a < b ? -1 : 1),
    );
  }) ?? "null";
}
