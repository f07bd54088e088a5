// Who is calling: from the headers of a request to a principal.

import type { Principal } from "../principal.ts";

/** Checks credentials. Throws `unauthenticated`, `invalid_token` or `malformed_credentials`, each with its challenge. */
export interface Authenticator {
  authenticate(headers: Headers): Principal;
  /** Watches no credential any more; those that are valid stay so. */
  close(): void;
}
