// An error that may be shown to a client.

import { FAULTS } from "./faults.ts";
import type { Fault } from "./faults.ts";
import type { RequestId } from "./protocol/messages.ts";

export { FAULTS } from "./faults.ts";
export type { Fault, FaultTraits } from "./faults.ts";

/** The header of a refusal that will not last (RFC 9110 § 10.2.3): a session's own work frees what it waits for. */
export const RETRY_SOON: Readonly<Record<string, string>> = {
  "retry-after": "1",
};

/** The same where a session has to end first. */
export const RETRY_LATER: Readonly<Record<string, string>> = {
  "retry-after": "10",
};

/** What else an error may carry. */
export interface GatewayErrorOptions {
  /** What was caught, for the log only. */
  readonly cause?: unknown;
  /** What the reader can do about it, as a sentence. */
  readonly hint?: string;
  /** Headers of the HTTP answer, such as a challenge. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The id of the request it answers; `null` where the body could not be read. Absent: a plain JSON answer. */
  readonly rpcId?: RequestId | null;
  /** Fields for the log line only: names and numbers, never secrets or bodies. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Further members of `error.data` where the fault is told to a request. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** The JSON-RPC code, where it is another than that of the fault. */
  readonly code?: number;
}

/** An error whose message may be shown to a client: it holds no secret and no stack. */
export class GatewayError extends Error {
  /** Always `GatewayError`. */
  override readonly name = "GatewayError";
  /** What kind of error it is. */
  readonly fault: Fault;
  /** See `GatewayErrorOptions`. */
  readonly hint?: string;
  /** See `GatewayErrorOptions`; empty when none were given. */
  readonly headers: Readonly<Record<string, string>>;
  /** See `GatewayErrorOptions`. */
  readonly rpcId?: RequestId | null;
  /** See `GatewayErrorOptions`; empty when none were given. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** See `GatewayErrorOptions`. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** The JSON-RPC code of this error. */
  readonly code: number;

  /** `message` says what is wrong, as a sentence without its full stop. */
  constructor(
    fault: Fault,
    message: string,
    options: GatewayErrorOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.fault = fault;
    this.hint = options.hint;
    this.headers = options.headers ?? {};
    this.rpcId = options.rpcId;
    this.fields = options.fields ?? {};
    this.data = options.data;
    this.code = options.code ?? FAULTS[fault].code;
  }

  /** The same error as the answer to request `id`. */
  answering(id: RequestId | null): GatewayError {
    return this.#with({ rpcId: id });
  }

  /** The same error with another JSON-RPC code. */
  withCode(code: number): GatewayError {
    return this.#with({ code });
  }

  /** The same error with other headers of the HTTP answer besides its own. */
  withHeaders(headers: Readonly<Record<string, string>>): GatewayError {
    return this.#with({ headers: { ...this.headers, ...headers } });
  }

  /** The HTTP status of this fault. */
  get status(): number {
    return FAULTS[this.fault].status;
  }

  /** The first line of the message, for the log: what follows are a backend's own last words. */
  get summary(): string {
    const first = this.message.split("\n", 1)[0] as string;
    return first.replace(/\. It (?:last )?said:$/, "");
  }

  /** The message with the hint, as one text for a person. */
  get text(): string {
    if (this.hint === undefined) return this.message;
    // A backend's own words end without a full stop.
    const between = this.message.includes("\n") ? "\n" : ". ";
    return this.message + between + this.hint;
  }

  #with(other: GatewayErrorOptions): GatewayError {
    const { cause, hint, headers, rpcId, fields, data, code } = this;
    const same = { cause, hint, headers, rpcId, fields, data, code };
    return new GatewayError(this.fault, this.message, { ...same, ...other });
  }
}

/** Whether what ends says that whoever it was for has no right to it any more. */
export function tellsLostRight(reason: Error | undefined): boolean {
  return reason instanceof GatewayError && LOST_RIGHTS.has(reason.fault);
}

const LOST_RIGHTS: ReadonlySet<Fault> = new Set([
  "invalid_token",
  "expired_token",
  "insufficient_scope",
  "access_denied",
  "issuer_unavailable",
  "not_permitted",
]);

/** Any thrown value as a `GatewayError`; what we did not foresee becomes `internal`, its text kept for the log only. */
export function asGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError("internal", "The gateway failed on this request", {
    cause: error,
  });
}
