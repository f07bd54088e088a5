// From the bytes a peer sent to the messages in them: one, or a batch.

import { Envelope, parseJson } from "../channel/envelope.ts";
import type { Relation } from "../channel/envelope.ts";
import { isJsonArray, splitBatch } from "./json_array.ts";

/**
 * The messages in a JSON text: itself, or the elements of a batch, which a
 * 2025-03-26 peer may send (S0326 `basic/transports`). Throws `unparsable_message`
 * or `invalid_message`, and then none of them is taken. What a large answer holds is not looked at.
 */
export function readMessages(
  json: Uint8Array,
  relatesTo?: Relation,
): Envelope[] {
  if (!isJsonArray(json)) return [Envelope.skim(json, relatesTo)];
  parseJson(json);
  return splitBatch(json).map((bytes) => Envelope.read(bytes, relatesTo));
}
