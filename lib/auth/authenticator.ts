// Who is calling: from the headers of a request to a principal.

import type { Principal } from "../principal.ts";
import type { Route } from "../routing/routes.ts";
import type { Stranger } from "./oauth/introspection.ts";

/** Checks credentials. */
export interface Authenticator {
  /**
   * Who calls; `route` is where to, which matters to access tokens. At once, where nobody else has to be asked.
   * Throws or rejects with `unauthenticated`, `invalid_token`, `expired_token` or `malformed_credentials`, each with
   * its challenge, or with `issuer_unavailable`. With `stranger` "refused" nobody is asked about what is not known.
   */
  authenticate(
    headers: Headers,
    route?: Route,
    stranger?: Stranger,
  ): Principal | Promise<Principal>;
  /** Watches no credential any more; those that are valid stay so. */
  close(): void;
}
