// Answers `ping` on the spot, on either side, so that liveness never waits for the other side.

import { METHODS } from "../protocol/methods.ts";
import type { RequestId } from "../protocol/messages.ts";
import type { Channel } from "./channel.ts";
import { Envelope } from "./envelope.ts";

/** The same channel, with its peer's pings answered and kept from the consumer (2025-11-25 `basic/utilities/ping`). */
export function answeringPings(channel: Channel): Channel {
  return {
    send: (envelope) => channel.send(envelope),
    close: (reason) => channel.close(reason),
    [Symbol.asyncDispose]: () => channel.close(),
    [Symbol.asyncIterator]: () => withoutPings(channel),
  };
}

async function* withoutPings(channel: Channel): AsyncGenerator<Envelope> {
  for await (const envelope of channel) {
    const { kind, method, id } = envelope.head;
    if (kind === "request" && method === METHODS.ping) {
      await channel.send(Envelope.result(id as RequestId, {}));
      continue;
    }
    yield envelope;
  }
}
