// Subscriptions to resources that no server is known to have while some have not come yet: they are made when one has it.

import { Envelope } from "../../channel/envelope.ts";
import type { RequestId } from "../../protocol/messages.ts";
import {
  MAX_SUBSCRIPTIONS,
  MAX_URI_CHARS,
  STATE_METHODS,
} from "../agreement.ts";
import type { Finder } from "./finder.ts";
import type { Member } from "./member.ts";
import type { Named } from "./named.ts";

/** The subscriptions of one session that wait for a server. */
export class EarlySubscriptions {
  readonly #finder: Finder;
  readonly #waiting = new Map<string, Named>();

  constructor(finder: Finder) {
    this.#finder = finder;
  }

  /** Answers a request about a resource that nobody is known to have; nothing where it is no request of this kind. */
  answer(request: Envelope, named: Named): Envelope | undefined {
    const { id, method } = request.head;
    const { name: uri } = named;
    if (method === STATE_METHODS.unsubscribe) {
      if (!this.#waiting.delete(uri)) return undefined;
    } else {
      const fits = this.#waiting.size < MAX_SUBSCRIPTIONS &&
        uri.length <= MAX_URI_CHARS;
      if (method !== STATE_METHODS.subscribe || !fits) return undefined;
      this.#waiting.set(uri, named);
    }
    return Envelope.result(id as RequestId, {});
  }

  /** A server has begun to work: it may have what is waited for. */
  async ready(member: Member): Promise<void> {
    for (const [uri, named] of [...this.#waiting]) {
      const found = await this.#finder.find(named);
      if (found?.server !== member.name || !this.#waiting.delete(uri)) continue;
      await member.ask(STATE_METHODS.subscribe, { uri });
    }
  }
}
