// Everything the gateway refuses or fails at, by its stable name, and how each is told over HTTP and JSON-RPC.

import { RPC_CODES } from "./protocol/messages.ts";
import type { RequestId } from "./protocol/messages.ts";

/** How a fault is told. */
export interface FaultTraits {
  /** The HTTP status where the fault is told as an HTTP answer. */
  readonly status: number;
  /** The `error` member of the plain JSON body (RFC 6750 § 3.1 where it names one). */
  readonly error: string;
  /** The JSON-RPC code where the fault is told to a request. */
  readonly code: number;
}

const PARSE_ERROR = RPC_CODES.parseError;
const INVALID_PARAMS = RPC_CODES.invalidParams;
const INVALID_REQUEST = RPC_CODES.invalidRequest;
const INTERNAL_ERROR = RPC_CODES.internalError;
const SERVER_ERROR = RPC_CODES.serverError;

/** The stable name of an error. */
export type Fault =
  | "unauthenticated"
  | "invalid_token"
  | "malformed_credentials"
  | "unusable_host"
  | "forbidden_host"
  | "forbidden_origin"
  | "not_permitted"
  | "not_found"
  | "unknown_server"
  | "session_not_found"
  | "session_required"
  | "method_not_allowed"
  | "not_acceptable"
  | "unsupported_media_type"
  | "message_too_large"
  | "unparsable_message"
  | "invalid_message"
  | "unsupported_revision"
  | "unknown_revision"
  | "header_mismatch"
  | "invalid_params"
  | "missing_capability"
  | "invalid_state"
  | "headers_too_large"
  | "too_many_wrong_tokens"
  | "too_many_sessions"
  | "too_many_children"
  | "overloaded"
  | "shutting_down"
  | "backend_unavailable"
  | "backend_refused_credentials"
  | "backend_protocol"
  | "backend_exited"
  | "backend_timeout"
  | "backend_stalled"
  | "backend_changed"
  | "client_stalled"
  | "client_gone"
  | "undeliverable"
  | "unknown_name"
  | "unknown_method"
  | "internal";

/** The one table of faults. */
export const FAULTS: Readonly<Record<Fault, FaultTraits>> = {
  unauthenticated: trait(401, "unauthorized", SERVER_ERROR),
  invalid_token: trait(401, "invalid_token", SERVER_ERROR),
  malformed_credentials: trait(400, "invalid_request", SERVER_ERROR),
  unusable_host: trait(400, "invalid_request", SERVER_ERROR),
  forbidden_host: trait(403, "forbidden_host", SERVER_ERROR),
  forbidden_origin: trait(403, "forbidden_origin", SERVER_ERROR),
  not_permitted: trait(403, "not_permitted", INVALID_PARAMS),
  not_found: trait(404, "not_found", SERVER_ERROR),
  unknown_server: trait(404, "unknown_server", SERVER_ERROR),
  session_not_found: trait(
    404,
    "session_not_found",
    RPC_CODES.sessionNotFound,
  ),
  session_required: trait(400, "session_required", SERVER_ERROR),
  method_not_allowed: trait(405, "method_not_allowed", SERVER_ERROR),
  not_acceptable: trait(406, "not_acceptable", SERVER_ERROR),
  unsupported_media_type: trait(415, "unsupported_media_type", SERVER_ERROR),
  message_too_large: trait(413, "message_too_large", INVALID_REQUEST),
  unparsable_message: trait(400, "parse_error", PARSE_ERROR),
  invalid_message: trait(400, "invalid_message", INVALID_REQUEST),
  unsupported_revision: trait(400, "unsupported_revision", SERVER_ERROR),
  unknown_revision: trait(
    400,
    "unknown_revision",
    RPC_CODES.unsupportedRevision,
  ),
  header_mismatch: trait(400, "header_mismatch", RPC_CODES.headerMismatch),
  invalid_params: trait(400, "invalid_params", INVALID_PARAMS),
  missing_capability: trait(
    400,
    "missing_capability",
    RPC_CODES.missingCapability,
  ),
  invalid_state: trait(400, "invalid_state", INVALID_PARAMS),
  headers_too_large: trait(431, "headers_too_large", INVALID_REQUEST),
  too_many_wrong_tokens: trait(429, "too_many_wrong_tokens", SERVER_ERROR),
  too_many_sessions: trait(429, "too_many_sessions", SERVER_ERROR),
  too_many_children: trait(503, "too_many_children", SERVER_ERROR),
  overloaded: trait(503, "overloaded", SERVER_ERROR),
  shutting_down: trait(503, "shutting_down", SERVER_ERROR),
  backend_unavailable: trait(502, "backend_unavailable", INTERNAL_ERROR),
  backend_refused_credentials: trait(
    502,
    "backend_refused_credentials",
    INTERNAL_ERROR,
  ),
  backend_protocol: trait(502, "backend_protocol", INTERNAL_ERROR),
  backend_exited: trait(502, "backend_exited", INTERNAL_ERROR),
  backend_timeout: trait(504, "backend_timeout", INTERNAL_ERROR),
  backend_stalled: trait(502, "backend_stalled", INTERNAL_ERROR),
  backend_changed: trait(502, "backend_changed", INTERNAL_ERROR),
  client_stalled: trait(503, "client_stalled", INTERNAL_ERROR),
  client_gone: trait(499, "client_gone", INTERNAL_ERROR),
  undeliverable: trait(502, "undeliverable", INTERNAL_ERROR),
  unknown_name: trait(404, "unknown_name", RPC_CODES.invalidParams),
  unknown_method: trait(404, "unknown_method", RPC_CODES.methodNotFound),
  internal: trait(500, "internal_error", INTERNAL_ERROR),
};

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
  return reason instanceof GatewayError &&
    (reason.fault === "invalid_token" || reason.fault === "not_permitted");
}

/** Any thrown value as a `GatewayError`; what we did not foresee becomes `internal`, its text kept for the log only. */
export function asGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError("internal", "The gateway failed on this request", {
    cause: error,
  });
}

function trait(status: number, error: string, code: number): FaultTraits {
  return { status, error, code };
}
