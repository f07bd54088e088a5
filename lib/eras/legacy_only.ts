// The refusal of a request of the modern era, told as a server of the initialize era tells it.

import { GatewayError } from "../errors.ts";
import { legacyRevisions } from "../protocol/versions.ts";

/** Clients of both eras take it as the sign to fall back (2026-07-28 `basic/versioning` § Backward Compatibility). */
export function legacyOnly(): GatewayError {
  return new GatewayError(
    "unsupported_revision",
    "This endpoint speaks the revisions that begin with initialize: " +
      legacyRevisions().join(", "),
    { hint: "Send initialize to begin a session" },
  );
}
