// What a legacy server says of itself in its answer to `initialize`, and what a modern client is told of it.

import type { Envelope } from "../../channel/envelope.ts";
import { memberOf, withMembers } from "../../channel/object_members.ts";
import { GatewayError } from "../../errors.ts";
import { isLegacyRevision, servedRevisions } from "../../protocol/versions.ts";
import { objectIn } from "./bridged_request.ts";

/** The answer (2025-11-25 `schema` § InitializeResult), as it was written where it is passed on. */
export interface Introduction {
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** JSON text of an object. */
  readonly capabilitiesText: Uint8Array;
  /** JSON text of an object; absent where the server does not say who it is. */
  readonly serverInfo?: Uint8Array;
  /** JSON text. */
  readonly instructions?: Uint8Array;
  /** Whether the transport says of each message which request it belongs to. */
  readonly relates: boolean;
}

/** An extension that is another one in this era, and needs what only sessions have. */
const TASKS = "io.modelcontextprotocol/tasks";

const encoder = new TextEncoder();
const EMPTY = encoder.encode("{}");

/** Reads the answer of server `name`; throws why it refused. */
export function introductionIn(answer: Envelope, name: string): Introduction {
  if (answer.tells) throw answer.tells;
  const { error, result } = answer.message();
  if (answer.head.failed) throw refused(name, Number(error?.code));
  const said = objectIn(result);
  const { protocolVersion } = said;
  if (
    typeof protocolVersion !== "string" || !isLegacyRevision(protocolVersion)
  ) throw strange(name);
  const json = memberOf(answer.bytes, "result") as Uint8Array;
  const capabilities = objectIn(said.capabilities);
  const isSaid = capabilities === said.capabilities;
  const isNamed = objectIn(said.serverInfo) === said.serverInfo;
  return {
    capabilities,
    capabilitiesText: (isSaid && memberOf(json, "capabilities")) || EMPTY,
    ...(isNamed && { serverInfo: memberOf(json, "serverInfo") }),
    ...(typeof said.instructions === "string" && {
      instructions: memberOf(json, "instructions"),
    }),
    relates: answer.relatesTo !== undefined,
  };
}

/** The members of a `DiscoverResult` that follow from it (2026-07-28 `server/discover`). */
export function discoveryOf(introduction: Introduction): Uint8Array {
  const { capabilitiesText, instructions } = introduction;
  return withMembers(EMPTY, {
    supportedVersions: JSON.stringify(servedRevisions()),
    capabilities: withoutTasks(capabilitiesText),
    ...(instructions && { instructions }),
  }) as Uint8Array;
}

/** Capabilities of either side without those that cannot be bridged. */
export function withoutTasks(capabilities: Uint8Array): Uint8Array {
  const extensions = memberOf(capabilities, "extensions");
  const others = extensions && withMembers(extensions, { [TASKS]: undefined });
  return withMembers(capabilities, {
    tasks: undefined,
    ...(others && { extensions: others }),
  }) as Uint8Array;
}

function refused(name: string, code: number): GatewayError {
  return new GatewayError(
    "backend_unavailable",
    `Server "${name}" refused initialize with error ${code}`,
  );
}

function strange(name: string): GatewayError {
  return new GatewayError(
    "backend_protocol",
    `Server "${name}" answered initialize with a revision that is not known`,
  );
}
