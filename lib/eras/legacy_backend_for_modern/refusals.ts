// What is answered where a legacy server and a modern client do not come together.

import { GatewayError } from "../../errors.ts";
import type { RpcError } from "../../protocol/messages.ts";
import { RPC_CODES } from "../../protocol/messages.ts";
import type { Capabilities } from "./needed_capability.ts";

const SHOWN_CHARS = 100;

/** To a server that asks for what the client has not declared. */
export const NOT_DECLARED: RpcError = {
  code: RPC_CODES.methodNotFound,
  message: "The client has not declared that it can do this",
};

/** To a server that asks for what no client knows. */
export const NOT_KNOWN: RpcError = {
  code: RPC_CODES.methodNotFound,
  message: "No client can be asked this",
};

/** To a server that asks too much at once. */
export const TOO_MANY: RpcError = {
  code: RPC_CODES.invalidRequest,
  message: "Too many questions wait for their answers",
};

/** To the client of a server that asks for what it has not declared. */
export function undeclared(requiredCapabilities: Capabilities): GatewayError {
  return new GatewayError(
    "missing_capability",
    "The server asks the client for what it has not declared",
    { data: { requiredCapabilities } },
  );
}

/** To a client that comes back for an answer which there was no room for. */
export function notKept(): GatewayError {
  return new GatewayError(
    "overloaded",
    "The answer could not be kept until the client came back for it",
    { fields: { limit: "sessionBuffer" } },
  );
}

/** To a client that uses a method of the other era. */
export function noSuchMethod(method: string): GatewayError {
  const shown = JSON.stringify(method.slice(0, SHOWN_CHARS));
  return new GatewayError(
    "unknown_method",
    `The method ${shown} does not exist in this revision`,
  );
}
