// Asks a server whether it is of an era.

import type { Backend, OpenContext } from "../backend.ts";
import { discoverRequest, discoveryIn } from "../backends/discovery.ts";
import type { Discovery } from "../backends/discovery.ts";
import { ownRequest } from "../backends/own_messages.ts";
import { GatewayError } from "../errors.ts";
import { METHODS } from "../protocol/methods.ts";
import { LATEST_LEGACY_REVISION } from "../protocol/versions.ts";
import { VERSION } from "../version.ts";
import { askOnce } from "./ask_once.ts";

/** What the answer of a server to `server/discover` shows; throws as `discoveryIn`, and `backend_timeout` where there is none within the time for opening. */
export async function discover(
  modern: Backend,
  context: OpenContext,
): Promise<Discovery> {
  const answer = await askOnce(modern, discoverRequest(), context);
  return discoveryIn(modern.name, answer);
}

/** Begins a session and ends it. Throws why that cannot be done. */
export async function greet(
  sessions: Backend,
  context: OpenContext,
): Promise<void> {
  const request = ownRequest(METHODS.initialize, {
    protocolVersion: LATEST_LEGACY_REVISION,
    capabilities: {},
    clientInfo: { name: "mcp-front", version: VERSION },
  });
  const answer = await askOnce(sessions, request, context);
  if (answer.tells) throw answer.tells;
  if (!answer.head.failed) return;
  const { name } = sessions;
  throw new GatewayError(
    "backend_unavailable",
    `Server "${name}" refused initialize with error ${
      Number(answer.message().error?.code)
    }`,
  );
}
