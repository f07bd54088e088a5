// What a client is told at the root endpoint where nobody answers.

import type { Envelope } from "../../channel/envelope.ts";
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

/** A server has been taken out of the configuration. */
export function removed(name: string): GatewayError {
  const message = `Server "${name}" has been removed from the configuration`;
  const hint = "Ask for the lists again: they have changed";
  return new GatewayError("backend_unavailable", message, { hint });
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

/** A server takes nothing more for now. */
export function stalled(name: string): GatewayError {
  return new GatewayError(
    "backend_stalled",
    `Server "${name}" has not read what was sent to it`,
    { hint: "Try again later", fields: { limit: "streamBuffer" } },
  );
}

/** A server has answered the gateway's own request with an error; its words may be as long as it likes. */
export function refused(
  name: string,
  method: string,
  answer: Envelope,
): GatewayError {
  const code = Number(answer.message().error?.code);
  return new GatewayError(
    "backend_unavailable",
    `Server "${name}" refused ${method} with error ${code}`,
  );
}

/** A request lacks the name of what it is about. */
export function nameless(method: string): GatewayError {
  return new GatewayError(
    "unknown_name",
    `The parameters of ${method} do not say what it is about`,
  );
}

/** A cursor was not given out here. */
export function noPlace(): GatewayError {
  return new GatewayError("unknown_name", "There is no such cursor", {
    hint: "Ask for the list without a cursor to begin anew",
  });
}

/** The client does not read what it is told. */
export function tooMuch(): GatewayError {
  return new GatewayError(
    "overloaded",
    "Too much waits to be read by the client",
    { fields: { limit: "sessionBuffer" } },
  );
}
