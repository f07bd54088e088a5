// The options of an authorization server, for tests of what is made of them.

import type { OAuthOptions } from "../../lib/auth/oauth/options.ts";

/** Those that a file with the least in it gives, with changes. */
export function oauthOptions(
  changes: Partial<OAuthOptions> = {},
): OAuthOptions {
  return {
    issuer: "https://login.example",
    baseUrl: "https://mcp.example",
    audiences: [],
    groupsClaim: ["groups"],
    allowedDomains: [],
    ...changes,
  };
}
