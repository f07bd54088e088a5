// What a client of the initialize era is told where a server of the modern one cannot be used as it asks.

import { GatewayError } from "../../errors.ts";
import type { Message, RpcError } from "../../protocol/messages.ts";
import { RPC_CODES } from "../../protocol/messages.ts";

/** `initialize` has not come yet. */
export function notInitialized(): GatewayError {
  return new GatewayError(
    "invalid_message",
    "The session is not initialized",
    { hint: "Send initialize first" },
  );
}

/** The server has no such thing: what a server of the initialize era would answer. */
export function notOffered(method: string): RpcError {
  const code = RPC_CODES.methodNotFound;
  return { code, message: `Method not found: ${method}` };
}

/** A parameter that cannot be used. */
export function invalidParams(message: string): RpcError {
  return { code: RPC_CODES.invalidParams, message };
}

/** What a server asks that this client never said it could be asked. */
export function undeclared(name: string, method: string): GatewayError {
  return new GatewayError(
    "backend_protocol",
    `Server "${name}" asks for ${method}, which the client has not declared`,
  );
}

/** A result that is none. */
export function strangeResult(name: string, what: string): GatewayError {
  return new GatewayError(
    "backend_protocol",
    `Server "${name}" answered with ${what}`,
  );
}

/** It asks again and again. */
export function tooManyRounds(name: string, rounds: number): GatewayError {
  return new GatewayError(
    "backend_protocol",
    `Server "${name}" still asks for input after ${rounds} rounds`,
  );
}

/** The client, or the server, has taken too long over all rounds together. */
export function tooLong(name: string, limitMs: number): GatewayError {
  return new GatewayError(
    "backend_timeout",
    `A request to server "${name}" that asks for input took more than ${
      limitMs / 1_000
    } s, the longest that any request may take`,
    { fields: { limit: "requestMax" } },
  );
}

/** The client answered a question with an error. */
export function notAnswered(method: string, { error }: Message): GatewayError {
  return new GatewayError(
    "undeliverable",
    `The client did not answer ${method}: ${error?.message ?? "no reason"}`,
  );
}

/** What was of the modern era is not any more. */
export function eraChanged(name: string): GatewayError {
  return new GatewayError(
    "backend_changed",
    `Server "${name}" was replaced by one of another era of MCP`,
    { hint: "Begin a new session" },
  );
}

/** An error of the modern era as one that a client of the initialize era knows. */
export function legacyError(name: string, error: RpcError): RpcError {
  switch (error.code) {
    case RPC_CODES.headerMismatch:
      return { ...error, code: RPC_CODES.internalError };
    case RPC_CODES.missingCapability:
      return { ...error, code: RPC_CODES.invalidParams };
    case RPC_CODES.unsupportedRevision:
      return {
        ...error,
        code: RPC_CODES.internalError,
        message: `Server "${name}" speaks no revision of MCP that is known`,
      };
  }
  return error;
}
