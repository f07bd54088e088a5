// The root endpoint's answer to `initialize`.

import { Envelope } from "../../channel/envelope.ts";
import type { RequestId } from "../../protocol/messages.ts";
import {
  isLegacyRevision,
  LATEST_LEGACY_REVISION,
} from "../../protocol/versions.ts";
import { VERSION } from "../../version.ts";
import type { Member } from "./member.ts";

/** All that can be put together: it cannot be amended when a server comes later (2025-11-25 `basic/lifecycle`). */
const CAPABILITIES = {
  completions: {},
  logging: {},
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
  tools: { listChanged: true },
};

/** More of one server's instructions is not passed on, in characters. */
const MAX_INSTRUCTIONS_CHARS = 64 * 1024;

/** The answer, with the instructions of the servers that are ready, each under the server's name. */
export function welcome(
  request: Envelope,
  title: string,
  members: readonly Member[],
): Envelope {
  const asked = request.message().params?.protocolVersion;
  const isKnown = typeof asked === "string" && isLegacyRevision(asked);
  const instructions = members.flatMap(({ name, introduction }) => {
    const text = introduction?.instructions
      ?.slice(0, MAX_INSTRUCTIONS_CHARS).toWellFormed();
    return text ? [`# ${name}\n\n${text}`] : [];
  }).join("\n\n");
  return Envelope.result(request.head.id as RequestId, {
    protocolVersion: isKnown ? asked : LATEST_LEGACY_REVISION,
    capabilities: CAPABILITIES,
    serverInfo: { name: "mcp-front", title, version: VERSION },
    ...(instructions && { instructions }),
  });
}
