// What clients find where they look for OAuth, and there is none.

import { errorResponse } from "../error_response.ts";
import { GatewayError } from "../errors.ts";

/** Plain JSON 404, without a challenge: anything else makes clients start OAuth and drop their token. */
export function noOauth(
  requestId: string,
  role: "none" | "resource_server" = "none",
): Response {
  const error = role === "none"
    ? new GatewayError("not_found", "This gateway has no OAuth", {
      hint: "It takes a bearer token in the Authorization header",
    })
    : new GatewayError("not_found", "There is nothing of OAuth here", {
      hint: "The metadata of each address names its authorization server",
    });
  return errorResponse(error, requestId);
}
