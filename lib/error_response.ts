// An error as the HTTP answer that tells it: which rule, what to do, and the id to find it by in the log.

import { FAULTS } from "./errors.ts";
import { exactJson } from "./protocol/exact_number.ts";
import { MEDIA } from "./protocol/headers.ts";
import type { GatewayError } from "./errors.ts";

/** The answer to a request that failed with `error`: a JSON-RPC error where it answers a message, else plain JSON. */
export function errorResponse(
  error: GatewayError,
  requestId: string,
): Response {
  const { status, headers } = error;
  const body = error.rpcId === undefined
    ? plain(error, requestId)
    : asAnswer(error, requestId);
  // With a line feed, for people at a terminal.
  return new Response(`${exactJson(body)}\n`, {
    status,
    headers: { "content-type": MEDIA.json, ...headers },
  });
}

function plain(error: GatewayError, requestId: string) {
  return {
    error: FAULTS[error.fault].error,
    error_description: error.text,
    request_id: requestId,
  };
}

function asAnswer(error: GatewayError, requestId: string) {
  const { code, fault, hint, rpcId, text } = error;
  const data = { ...error.data, fault, hint, request_id: requestId };
  return { jsonrpc: "2.0", id: rpcId, error: { code, message: text, data } };
}
