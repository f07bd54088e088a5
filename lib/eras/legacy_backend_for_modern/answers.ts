// The answers of a legacy server as a modern client is to have them.

import { Envelope } from "../../channel/envelope.ts";
import { memberOf, withMembers } from "../../channel/object_members.ts";
import { GatewayError } from "../../errors.ts";
import { META } from "../../protocol/meta.ts";
import { RPC_CODES } from "../../protocol/messages.ts";
import { modernError } from "../modern_error.ts";
import type { BridgedRequest } from "./bridged_request.ts";
import type { Introduction } from "./introduction.ts";

/** The codes of legacy servers that this era does not have (2026-07-28 `basic` § Error Codes). */
export const LEGACY_CODES = {
  resourceNotFound: -32002,
  urlElicitationRequired: -32042,
} as const;

/** Codes that only the specification may give a meaning. */
const FIRST_RESERVED = -32099;
const LAST_RESERVED = -32020;

/** What may be kept, and how long: a session may know things that are only true in it. */
const NOT_TO_BE_KEPT = { ttlMs: "0", cacheScope: '"private"' } as const;

/** Results that say so (2026-07-28 `server/utilities/caching` § Cacheable Results). */
const CACHEABLE: ReadonlySet<string> = new Set([
  "server/discover",
  "tools/list",
  "prompts/list",
  "resources/list",
  "resources/templates/list",
  "resources/read",
]);

/** The answer to a request, with the client's own id; what belongs to a result of this era is added. */
export function answerForModern(
  answer: Envelope,
  request: BridgedRequest,
  introduction: Introduction | undefined,
): Envelope {
  const { tells, head, bytes } = answer;
  if (tells) return failureFor(request, tells);
  const changed = head.failed
    ? errorIn(answer)
    : resultIn(bytes, request.method, introduction);
  const json = changed &&
    withMembers(bytes, { id: request.idText, ...changed });
  if (json) return Envelope.skim(json, request.id);
  return failureFor(request, unreadable(request.method));
}

/** What a result is (2026-07-28 `basic` § ResultType). */
export type ResultType = "complete" | "input_required";

/** A result that the gateway itself makes for the server, of the JSON text of an object. */
export function resultOf(
  { id, idText, method }: BridgedRequest,
  result: Uint8Array,
  introduction: Introduction | undefined,
  resultType: ResultType = "complete",
): Envelope {
  const json = withMembers(EMPTY, {
    jsonrpc: '"2.0"',
    id: idText,
    result: completed(result, method, introduction, resultType),
  });
  return Envelope.skim(json as Uint8Array, id);
}

/** The error that tells a fault of the gateway or the server. */
export function failureFor(
  { id }: Pick<BridgedRequest, "id">,
  reason: GatewayError,
): Envelope {
  return Envelope.failure(id, modernError(reason));
}

const EMPTY = new TextEncoder().encode("{}");

function resultIn(
  bytes: Uint8Array,
  method: string,
  introduction: Introduction | undefined,
): { readonly result: Uint8Array } | undefined {
  const own = memberOf(bytes, "result");
  const result = own && completed(own, method, introduction, "complete");
  return result && { result };
}

/** Nothing where it is no object. */
function completed(
  result: Uint8Array,
  method: string,
  introduction: Introduction | undefined,
  resultType: ResultType,
): Uint8Array | undefined {
  const isCacheable = resultType === "complete" && CACHEABLE.has(method);
  const meta = metaIn(result, introduction);
  return withMembers(result, {
    resultType: JSON.stringify(resultType),
    ...(isCacheable && NOT_TO_BE_KEPT),
    ...(meta && { _meta: meta }),
  });
}

/** What the server says of this result, and who it is; nothing where that is no more than was said. */
function metaIn(
  result: Uint8Array,
  introduction: Introduction | undefined,
): Uint8Array | undefined {
  const { serverInfo } = introduction ?? {};
  if (!serverInfo) return undefined;
  const own = memberOf(result, "_meta") ?? EMPTY;
  const said = { [META.serverInfo]: serverInfo };
  return withMembers(own, said) ?? withMembers(EMPTY, said);
}

function errorIn(
  answer: Envelope,
): { readonly error: Uint8Array } | undefined {
  const error = memberOf(answer.bytes, "error");
  const code = answer.message().error?.code;
  const modern = modernCode(code);
  if (modern === code) return error && { error };
  const changed = error && withMembers(error, { code: String(modern) });
  return changed && { error: changed };
}

function modernCode(code: unknown): number {
  if (typeof code !== "number") return RPC_CODES.internalError;
  if (code === LEGACY_CODES.resourceNotFound) return RPC_CODES.invalidParams;
  const isReserved = code >= FIRST_RESERVED && code <= LAST_RESERVED;
  return isReserved ? RPC_CODES.internalError : code;
}

function unreadable(method: string): GatewayError {
  return new GatewayError(
    "backend_protocol",
    `The server answered ${method} with what is no result`,
  );
}
