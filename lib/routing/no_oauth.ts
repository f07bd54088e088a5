// What clients find where they look for OAuth.

import { errorResponse } from "../error_response.ts";
import { GatewayError } from "../errors.ts";

/** Plain JSON 404, without a challenge: anything else makes clients start OAuth and drop their token. */
export function noOauth(requestId: string): Response {
  const error = new GatewayError("not_found", "This gateway has no OAuth", {
    hint: "It takes a bearer token in the Authorization header",
  });
  return errorResponse(error, requestId);
}
