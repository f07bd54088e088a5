// Who is to be told that what is listed has changed: the client of a session, or in the modern era those of its requests that listen.

import type { Envelope } from "../channel/envelope.ts";
import { requestIdOf } from "../channel/named_ids.ts";
import type { OfferKind } from "../principal.ts";
import { META } from "../protocol/meta.ts";
import { METHODS } from "../protocol/methods.ts";
import { idKey } from "../protocol/messages.ts";
import type { RequestId } from "../protocol/messages.ts";
import { descriptionIn } from "./description.ts";
import { ownNotice } from "./own_messages.ts";

/** How many are remembered; of those beyond, the server may have ended some. */
const MAX_LISTENS = 64;

/** Those of one conversation. */
export class OpenListens {
  readonly #open = new Map<string, Envelope>();
  /** As its first request says. */
  #isModern?: boolean;

  /** Notes a message of the client. */
  said(envelope: Envelope): void {
    const { kind, id, method } = envelope.head;
    if (kind === "request") {
      this.#isModern ??= descriptionIn(envelope) !== undefined;
    }
    if (method === METHODS.cancelled) this.#forget(requestIdOf(envelope));
    if (kind !== "request" || method !== METHODS.listen) return;
    this.#open.set(idKey(id as RequestId), envelope);
    const [oldest] = this.#open.keys();
    if (this.#open.size > MAX_LISTENS) this.#open.delete(oldest as string);
  }

  /** What is to be said when lists of these kinds have changed. */
  changed(kinds: readonly OfferKind[]): Envelope[] {
    const methodOf = (kind: OfferKind) => `notifications/${kind}s/list_changed`;
    if (!this.#isModern) return kinds.map((kind) => ownNotice(methodOf(kind)));
    return [...this.#open.values()].flatMap((listen) => {
      const { notifications } = listen.message().params ?? {};
      const wanted = (notifications ?? {}) as Record<string, unknown>;
      const id = listen.head.id as RequestId;
      const params = { _meta: { [META.subscriptionId]: id } };
      return kinds.filter((kind) => wanted[`${kind}sListChanged`] === true)
        .map((kind) => ownNotice(methodOf(kind), params).relating(id));
    });
  }

  #forget(id: RequestId | undefined): void {
    if (id !== undefined) this.#open.delete(idKey(id));
  }
}
