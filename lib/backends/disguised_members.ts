// Members that some readers take for others: Go's `encoding/json` matches names without regard to case, C ends them at a zero byte.

import { GatewayError } from "../errors.ts";

/** Throws `invalid_message` where an object has a member that is not one of `names` and that some readers take for one. */
export function refuseDisguised(
  value: unknown,
  names: readonly string[],
): void {
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) {
    if (names.includes(key)) continue;
    const shape = plain(key);
    const taken = names.find((name) => plain(name) === shape);
    if (taken === undefined) continue;
    throw new GatewayError(
      "invalid_message",
      `A member of the message is "${taken}" to some servers but not to all`,
      { hint: `Give it a name that is not "${taken}" in other letters` },
    );
  }
}

/** Upper case first: `ſ` is a lower case that has no other way to `s`. */
function plain(key: string): string {
  const end = key.indexOf("\0");
  const text = end === -1 ? key : key.slice(0, end);
  return text.toUpperCase().toLowerCase();
}
