// Everything the gateway refuses or fails at, by its stable name, and how each is told over HTTP and JSON-RPC.

import { RPC_CODES } from "./protocol/messages.ts";

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
  | "expired_token"
  | "insufficient_scope"
  | "access_denied"
  | "issuer_unavailable"
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
  expired_token: trait(401, "invalid_token", SERVER_ERROR),
  insufficient_scope: trait(403, "insufficient_scope", INVALID_PARAMS),
  access_denied: trait(403, "access_denied", INVALID_PARAMS),
  issuer_unavailable: trait(503, "issuer_unavailable", SERVER_ERROR),
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

function trait(status: number, error: string, code: number): FaultTraits {
  return { status, error, code };
}
