// A short stand-in for what a client says, the same in whatever order it says it.

import type { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { GatewayError } from "../../errors.ts";
import { canonicalJson } from "../../protocol/canonical_json.ts";

/** SHA-256 of a parsed value. Throws `invalid_params` where it nests too deep. */
export function digestOf(value: unknown): Buffer {
  return createHash("sha256").update(canonical(value)).digest();
}

function canonical(value: unknown): string {
  try {
    return canonicalJson(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = "The parameters nest too deep";
    throw new GatewayError("invalid_params", message);
  }
}
