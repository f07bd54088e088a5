// Whether the authorization server answers, said in the log when that changes.

import { GatewayError } from "../../errors.ts";
import type { Log } from "../../telemetry/log.ts";
import { IssuerFailure } from "./guarded_request.ts";

/** What a client is told to wait before it asks again, in seconds. */
const RETRY_AFTER_S = 5;

/** The health of one issuer. */
export class IssuerHealth {
  readonly #host: string;
  readonly #log: Log;
  #isDown = false;

  constructor(issuer: string, log: Log) {
    this.#host = new URL(issuer).host;
    this.#log = log;
  }

  /** It has answered as it should. */
  up(): void {
    if (!this.#isDown) return;
    this.#isDown = false;
    this.#log.info("Authorization server answers again", { host: this.#host });
  }

  /** It has not: what is in the way, as the error that callers are told. What is not its failure is thrown. */
  down(error: unknown, what: string): GatewayError {
    if (!(error instanceof IssuerFailure)) throw error;
    const reason = `${what}: ${error.message}`;
    if (!this.#isDown) {
      const fields = { host: this.#host, reason };
      this.#log.warn("Authorization server fails", fields);
    }
    this.#isDown = true;
    return unavailable(reason);
  }

  /** It is asked too much at the same time, which says nothing of it. */
  busy(): GatewayError {
    return unavailable("too many tokens are asked about at the same time");
  }
}

function unavailable(reason: string): GatewayError {
  return new GatewayError(
    "issuer_unavailable",
    "The access token cannot be checked now, as the authorization server does not answer",
    {
      hint: "Try again later; the token may well be valid",
      headers: { "retry-after": String(RETRY_AFTER_S) },
      fields: { reason },
    },
  );
}
