// What a listener needs to speak TLS itself.

import type { Secret } from "../secret.ts";

/** Certificates as texts in PEM (RFC 7468). */
export interface TlsOptions {
  /** The listener's own certificate, and after it those that lead to its authority. */
  readonly cert: string;
  /** The private key of the first of them, without a passphrase. */
  readonly key: Secret;
  /** The authorities that a client's certificate may come from; absent: clients need none. */
  readonly clientCa?: string;
}
