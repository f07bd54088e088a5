// Asks a server one thing for the gateway itself, in a conversation of its own.

import type { Backend, OpenContext } from "../backend.ts";
import type { Envelope } from "../channel/envelope.ts";
import { GatewayError } from "../errors.ts";

/** The answer. Throws `backend_timeout` where there is none within the time for opening. */
export async function askOnce(
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
