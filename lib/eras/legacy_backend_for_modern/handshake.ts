// The `initialize` of a legacy server on behalf of a modern client.

import { ownRequest } from "../../backends/own_messages.ts";
import { Envelope } from "../../channel/envelope.ts";
import { withMembers } from "../../channel/object_members.ts";
import { METHODS } from "../../protocol/methods.ts";
import { LATEST_LEGACY_REVISION } from "../../protocol/versions.ts";
import type { ClientSide } from "./client_side.ts";

const encoder = new TextEncoder();
const EMPTY = encoder.encode("{}");

/** The request, with what the client has said of itself as it was written. */
export function handshake({ capabilities, clientInfo }: ClientSide): Envelope {
  const { bytes } = ownRequest(METHODS.initialize);
  const params = withMembers(EMPTY, {
    protocolVersion: JSON.stringify(LATEST_LEGACY_REVISION),
    capabilities,
    clientInfo,
  });
  return Envelope.read(withMembers(bytes, { params }) as Uint8Array);
}
