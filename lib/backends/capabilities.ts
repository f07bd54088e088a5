// Whether a server still offers what it once did.

type Members = Readonly<Record<string, unknown>>;

/** Whether every object and every `true` in `before`, at any depth, is still there in `now`; more may be there. */
export function keepsCapabilities(before: unknown, now: unknown): boolean {
  const pairs: [unknown, unknown][] = [[before, now]];
  // The list grows while it is walked: a peer may nest deeper than calls can.
  for (const [was, is] of pairs) {
    if (was === true && is !== true) return false;
    if (!isObject(was)) continue;
    if (!isObject(is)) return false;
    for (const [name, value] of Object.entries(was)) {
      pairs.push([value, Object.hasOwn(is, name) ? is[name] : undefined]);
    }
  }
  return true;
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
