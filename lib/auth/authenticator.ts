// Who is calling: from the headers of a request to a principal.

import type { Principal } from "../principal.ts";

/** Checks credentials. Throws `unauthenticated`, `invalid_token` or `malformed_credentials`, each with its challenge. */
export interface Authenticator {
  authenticate(headers: Headers): Principal;
}
