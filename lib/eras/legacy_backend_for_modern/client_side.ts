// What a legacy server is told of a modern client, once for all requests that say the same.

import type { OpenContext } from "../../backend.ts";
import { memberOf } from "../../channel/object_members.ts";
import { GatewayError } from "../../errors.ts";
import type { Limits } from "../../limits.ts";
import { sharingKey } from "../../principal.ts";
import type { Principal } from "../../principal.ts";
import { META } from "../../protocol/meta.ts";
import { objectIn } from "./bridged_request.ts";
import type { BridgedRequest } from "./bridged_request.ts";
import { digestOf } from "./digest.ts";
import { withoutTasks } from "./introduction.ts";

/** More is not remembered of what a client says of itself, in bytes. */
const MAX_BYTES = 64 * 1024;

/** One client, as far as a server can tell. */
export interface ClientSide {
  readonly principal: Principal;
  readonly limits: Limits;
  /** The same for whoever may share sessions: one credential, one set of capabilities. */
  readonly key: string;
  /** JSON text for `initialize`. */
  readonly capabilities: Uint8Array;
  /** JSON text for `initialize`. */
  readonly clientInfo: Uint8Array;
}

const encoder = new TextEncoder();
const EMPTY = encoder.encode("{}");
const UNKNOWN = encoder.encode('{"name":"unknown","version":"unknown"}');

/** Reads it off a request. Throws `invalid_params` where that is too large. */
export function clientSide(
  { envelope, params, capabilities }: BridgedRequest,
  { principal, limits }: Pick<OpenContext, "principal" | "limits">,
): ClientSide {
  const meta = metaIn(envelope.bytes);
  const declared = meta && memberOf(meta, META.clientCapabilities);
  const info = objectIn(params._meta)[META.clientInfo];
  const isNamed = typeof objectIn(info).name === "string";
  const clientInfo = (isNamed && meta && memberOf(meta, META.clientInfo)) ||
    UNKNOWN;
  if ((declared?.length ?? 0) + clientInfo.length > MAX_BYTES) throw tooLarge();
  return {
    principal,
    limits,
    key: keyOf(principal, capabilities),
    capabilities: withoutTasks(declared ?? EMPTY),
    // The request that it came in is not held on to.
    clientInfo: clientInfo.slice(),
  };
}

/** What begins the key of every client of a principal. */
export function ownerKey({ id, generation }: Principal): string {
  return JSON.stringify([id, generation]);
}

/** Who may do other things is judged by other rules, and shares nothing. */
function keyOf(principal: Principal, capabilities: unknown): string {
  return sharingKey(principal) + digestOf(capabilities).toString("base64");
}

function metaIn(bytes: Uint8Array): Uint8Array | undefined {
  const params = memberOf(bytes, "params");
  return params && memberOf(params, "_meta");
}

function tooLarge(): GatewayError {
  return new GatewayError(
    "invalid_params",
    `A client may say at most ${MAX_BYTES} bytes of itself`,
  );
}
