// What a client is told at the root endpoint where nobody answers.

import { GatewayError } from "../../errors.ts";
import type { Named } from "./named.ts";

const NAMES_SHOWN_CHARS = 200;

/** Nobody offers what a request names. A uri may hold what is nobody's business: it is not repeated. */
export function noOne({ kind, name }: Named): GatewayError {
  const shown = kind === "resource"
    ? "this resource"
    : `the ${kind} ${JSON.stringify(name.slice(0, NAMES_SHOWN_CHARS))}`;
  return new GatewayError(
    "unknown_name",
    `No server that this token may use offers ${shown}`,
    { hint: "Ask for the list: it may have changed" },
  );
}

/** A request names nothing by which it could be told whom it is for. */
export function notHere(method: string): GatewayError {
  const shown = JSON.stringify(method.slice(0, NAMES_SHOWN_CHARS));
  return new GatewayError(
    "unknown_method",
    `The method ${shown} is for one server, and nothing tells for which`,
    { hint: "Use the server's own address, /{server}/mcp or /{server}/sse" },
  );
}

/** `initialize` has not come yet. */
export function tooSoon(): GatewayError {
  return new GatewayError(
    "invalid_message",
    "The session is not initialized",
    { hint: "Send initialize first" },
  );
}

/** A server has left. */
export function ended(name: string): GatewayError {
  const message = `Server "${name}" ended the session`;
  return new GatewayError("backend_unavailable", message);
}

/** A server has been sent too much before it could take it. */
export function tooEarly(
  name: string,
  limit: string | undefined,
): GatewayError {
  return new GatewayError(
    "backend_stalled",
    `Too much was sent before server "${name}" had started`,
    { fields: { limit } },
  );
}
