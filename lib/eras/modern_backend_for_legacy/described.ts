// Requests of a client of the initialize era in the form of the modern one: each describes itself.

import { Envelope } from "../../channel/envelope.ts";
import { memberOf, withMembers } from "../../channel/object_members.ts";
import type { MemberChanges } from "../../channel/object_members.ts";
import { GatewayError } from "../../errors.ts";
import type { LegacyClient } from "./client.ts";

const EMPTY = new TextEncoder().encode("{}");

/** What is other than in the client's own words. */
export interface Changes {
  readonly id?: string;
  readonly params?: MemberChanges;
}

/** The same message with the members that describe its client; its own members of `_meta` stay. Throws `invalid_message`. */
export function described(
  message: Envelope,
  client: LegacyClient,
  { id, params }: Changes = {},
): Envelope {
  const { bytes } = message;
  const said = memberOf(bytes, "params") ?? EMPTY;
  const meta = withMembers(memberOf(said, "_meta") ?? EMPTY, client.meta);
  const whole = meta && withMembers(said, { ...params, _meta: meta });
  const json = whole && withMembers(bytes, {
    ...(id !== undefined && { id: JSON.stringify(id) }),
    params: whole,
  });
  if (json) return message.renamed(json, undefined, id);
  throw new GatewayError(
    "invalid_message",
    "The parameters of a request and their _meta are objects",
  );
}

/** A request of the gateway itself on behalf of a client. */
export function ownDescribed(
  id: string,
  method: string,
  client: LegacyClient,
  params: Readonly<Record<string, unknown>> = {},
): Envelope {
  const request = Envelope.of({ jsonrpc: "2.0", id, method, params });
  return described(request, client);
}
