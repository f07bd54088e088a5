// What the gateway itself asks a server, and whose answers the client does not get.

import type { Envelope } from "../channel/envelope.ts";
import { SlimMap } from "../channel/slim_map.ts";
import { idKey } from "../protocol/messages.ts";
import type { RequestId } from "../protocol/messages.ts";

/** The gateway's own requests to one life of a server. */
export class OwnRequests {
  readonly #asked = new SlimMap<string, PromiseWithResolvers<Envelope>>();

  /** Asks by `send`; resolves with the answer, rejects when none will come. */
  async ask(
    request: Envelope,
    send: (request: Envelope) => Promise<void>,
  ): Promise<Envelope> {
    const key = idKey(request.head.id as RequestId);
    const asked = Promise.withResolvers<Envelope>();
    this.#asked.set(key, asked);
    try {
      const [answer] = await Promise.all([asked.promise, send(request)]);
      return answer;
    } finally {
      this.#asked.delete(key);
    }
  }

  /** Takes an answer; `false` when it is to a request of the client. */
  answered(envelope: Envelope): boolean {
    if (this.#asked.size === 0) return false;
    const asked = this.#asked.get(idKey(envelope.head.id as RequestId));
    asked?.resolve(envelope);
    return asked !== undefined;
  }

  /** No answers will come any more. */
  giveUp(reason: Error): void {
    for (const { reject } of this.#asked.values()) reject(reason);
  }
}
