// Ids of HTTP requests: short, random, and cheap, for each request gets one.

import { randomBytes } from "node:crypto";

/** Entropy of one id, in bytes. */
const ID_BYTES = 6;
/** How many ids are drawn at once: asking for random bytes costs more than they do. */
const IDS_AT_ONCE = 256;

let bytes = randomBytes(0);
let used = 0;

/** A new id: 8 characters of base64url. */
export function newRequestId(): string {
  if (used === bytes.length) {
    bytes = randomBytes(ID_BYTES * IDS_AT_ONCE);
    used = 0;
  }
  used += ID_BYTES;
  return bytes.toString("base64url", used - ID_BYTES, used);
}
