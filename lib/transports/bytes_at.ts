// Compares bytes where they stand, without a copy of them.

/** Whether what stands between two places begins with `wanted`. */
export function isAt(
  bytes: Uint8Array,
  start: number,
  end: number,
  wanted: Uint8Array,
): boolean {
  if (end - start < wanted.length) return false;
  for (let at = 0; at < wanted.length; at++) {
    if (bytes[start + at] !== wanted[at]) return false;
  }
  return true;
}
