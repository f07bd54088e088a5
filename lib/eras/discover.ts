// Asks a server whether it is of an era.

import type { Backend, OpenContext } from "../backend.ts";
import type { Envelope } from "../channel/envelope.ts";
import { discoverRequest, discoveryIn } from "../backends/discovery.ts";
import type { Discovery } from "../backends/discovery.ts";
import { ownRequest } from "../backends/own_messages.ts";
import { GatewayError } from "../errors.ts";
import { METHODS } from "../protocol/methods.ts";
import { LATEST_LEGACY_REVISION } from "../protocol/versions.ts";
import { VERSION } from "../version.ts";

/** What the answer of a server to `server/discover` shows; throws as `discoveryIn`, and `backend_timeout` where there is none within the time for opening. */
export async function discover(
  modern: Backend,
  context: OpenContext,
): Promise<Discovery> {
  const answer = await ask(modern, discoverRequest(), context);
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
  const answer = await ask(sessions, request, context);
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

/** The one answer of a conversation. */
async function ask(
  backend: Backend,
  request: Envelope,
  context: OpenContext,
): Promise<Envelope> {
  const { openMs } = context.limits;
  const channel = await backend.open(context);
  const timer = setTimeout(() => void channel.close(), openMs);
  try {
    await channel.send(request);
    for await (const envelope of channel) {
      const { kind, id } = envelope.head;
      if (kind === "response" && id === request.head.id) return envelope;
    }
    context.signal.throwIfAborted();
    throw new GatewayError(
      "backend_timeout",
      `Server "${backend.name}" did not answer ${request.head.method} within ${
        openMs / 1_000
      } s`,
      { fields: { limit: "open" } },
    );
  } finally {
    clearTimeout(timer);
    await channel.close();
  }
}
