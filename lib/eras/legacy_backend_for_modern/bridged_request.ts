// A request of a modern client on its way to a server that knows sessions only.

import { Envelope } from "../../channel/envelope.ts";
import { memberOf, withMembers } from "../../channel/object_members.ts";
import type { MemberChanges } from "../../channel/object_members.ts";
import { GatewayError } from "../../errors.ts";
import { META } from "../../protocol/meta.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { isSeverity } from "./log_severity.ts";
import type { Severity } from "./log_severity.ts";

const decoder = new TextDecoder();

/** What a session has said once, or has no place for. */
const NOT_FOR_LEGACY: MemberChanges = {
  [META.protocolVersion]: undefined,
  [META.clientInfo]: undefined,
  [META.clientCapabilities]: undefined,
  [META.logLevel]: undefined,
};

/** What is said of a request in its `_meta`, and where it came from. */
export interface BridgedRequest {
  readonly envelope: Envelope;
  readonly id: RequestId;
  /** The id as the client wrote it. */
  readonly idText: string;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** The JSON text of the token for its progress, if it wants to hear of any. */
  readonly progressToken?: string;
  /** From which level on it wants to hear log messages; absent: none. */
  readonly level?: Severity;
}

/** Reads a request. Throws `invalid_params` where its log level is none (2026-07-28 `server/utilities/logging` § Error Handling). */
export function bridgedRequest(envelope: Envelope): BridgedRequest {
  const { bytes, head } = envelope;
  const { params = {} } = envelope.message();
  const meta = objectIn(params._meta);
  const level = meta[META.logLevel];
  if (level !== undefined && !isSeverity(level)) throw noLevel();
  return {
    envelope,
    id: head.id as RequestId,
    idText: textOf(memberOf(bytes, "id")) as string,
    method: head.method as string,
    params,
    capabilities: objectIn(meta[META.clientCapabilities]),
    progressToken: "progressToken" in meta ? tokenIn(bytes) : undefined,
    level,
  };
}

/** The same request as a session carries it: with an id, and a progress token, of the gateway's own. */
export function forLegacy(
  { envelope, progressToken }: BridgedRequest,
  id: number,
): Envelope {
  const { bytes } = envelope;
  const params = memberOf(bytes, "params");
  const meta = params && memberOf(params, "_meta");
  const token = progressToken === undefined
    ? {}
    : { progressToken: String(id) };
  const kept = meta && withMembers(meta, { ...NOT_FOR_LEGACY, ...token });
  const forServer = params && withMembers(params, {
    inputResponses: undefined,
    requestState: undefined,
    _meta: isEmpty(kept) ? undefined : kept,
  });
  const json = withMembers(bytes, { id: String(id), params: forServer });
  return Envelope.read(json as Uint8Array);
}

/** What is left of a request that is not sent again: it may wait long, and its parameters take up room. */
export function withoutBody(request: BridgedRequest): BridgedRequest {
  const { method, id } = request;
  const envelope = Envelope.of({ jsonrpc: "2.0", id, method });
  return { ...request, envelope, params: {}, level: undefined };
}

/** The capabilities and parameters of a message are whatever a peer writes. */
export function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === "object" && value !== null &&
    !Array.isArray(value);
  return isObject ? value as Record<string, unknown> : {};
}

/** The JSON text of a member as text. */
export function textOf(json: Uint8Array | undefined): string | undefined {
  return json && decoder.decode(json);
}

function tokenIn(bytes: Uint8Array): string | undefined {
  const params = memberOf(bytes, "params");
  const meta = params && memberOf(params, "_meta");
  return textOf(meta && memberOf(meta, "progressToken"));
}

function isEmpty(json: Uint8Array | undefined): boolean {
  return json === undefined || json.length <= "{}".length;
}

function noLevel(): GatewayError {
  return new GatewayError(
    "invalid_params",
    `The value of ${META.logLevel} is no log level`,
  );
}
