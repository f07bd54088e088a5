// The ids that a message names in its parameters: of the request it is about, and of who is told of progress.

import { exactNumber, isRounded } from "../protocol/exact_number.ts";
import type { RequestId } from "../protocol/messages.ts";
import type { Envelope } from "./envelope.ts";
import type { MemberPath } from "./member_places.ts";

/** Where a `notifications/cancelled` names its request. */
export const REQUEST_ID: MemberPath = ["params", "requestId"];

/** Where a `notifications/progress` names what it is about. */
export const PROGRESS_TOKEN: MemberPath = ["params", "progressToken"];

/** Where a request asks to be told of progress. */
export const ASKED_PROGRESS_TOKEN: MemberPath = [
  "params",
  "_meta",
  "progressToken",
];

/** The request that a `notifications/cancelled` is about. */
export function requestIdOf(envelope: Envelope): RequestId | undefined {
  return idAt(envelope, REQUEST_ID);
}

/** What a `notifications/progress` is about. */
export function progressTokenOf(envelope: Envelope): RequestId | undefined {
  return idAt(envelope, PROGRESS_TOKEN);
}

/** The token under which a request asks to be told of progress. */
export function askedProgressToken(envelope: Envelope): RequestId | undefined {
  return idAt(envelope, ASKED_PROGRESS_TOKEN);
}

function idAt(envelope: Envelope, path: MemberPath): RequestId | undefined {
  let value: unknown = envelope.message();
  for (const key of path) {
    value = (value as Record<string, unknown> | null | undefined)?.[key];
  }
  if (isRounded(value)) return exactNumber(envelope.bytes, path) ?? value;
  return isId(value) ? value : undefined;
}

function isId(value: unknown): value is RequestId {
  return typeof value === "string" || Number.isFinite(value) ||
    typeof value === "bigint";
}
