// The client's requests that were passed on to one server of a root session: only it may answer them.

import type { Envelope } from "../../channel/envelope.ts";
import {
  askedProgressToken,
  progressTokenOf,
  requestIdOf,
} from "../../channel/named_ids.ts";
import { SlimMap } from "../../channel/slim_map.ts";
import { METHODS } from "../../protocol/methods.ts";
import { idKey } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { ProgressTokens } from "../progress_tokens.ts";

/** As many as the bridge lets be open. */
export class PassedRequests {
  readonly #open = new SlimMap<string, RequestId>();
  readonly #tokens = new ProgressTokens();

  /** Whether a request waits for its answer. */
  has(id: RequestId): boolean {
    return this.#open.has(idKey(id));
  }

  /** Notes a message of the client. */
  said(envelope: Envelope): void {
    const { kind, id, method } = envelope.head;
    if (method === METHODS.cancelled) {
      const cancelled = requestIdOf(envelope);
      if (cancelled !== undefined) this.forget(cancelled);
    }
    if (kind !== "request") return;
    const key = idKey(id as RequestId);
    this.#open.set(key, id as RequestId);
    const token = askedProgressToken(envelope);
    if (token !== undefined) this.#tokens.enter(key, idKey(token));
  }

  /** Whether an answer, or news of progress, is about one of them. */
  heard(envelope: Envelope): boolean {
    const { kind, id } = envelope.head;
    if (kind === "response") {
      return id !== null && id !== undefined && this.forget(id);
    }
    const token = progressTokenOf(envelope);
    return token !== undefined &&
      this.#tokens.requestOf(idKey(token)) !== undefined;
  }

  /** A message of the server as one of the request it must belong to: none of another server's. */
  related(envelope: Envelope): Envelope {
    const { relatesTo } = envelope;
    if (relatesTo !== null && relatesTo !== undefined && this.has(relatesTo)) {
      return envelope;
    }
    const [first] = this.#open.values();
    const isKnown = relatesTo === undefined && this.#open.size === 1;
    return envelope.relating(isKnown ? first as RequestId : null);
  }

  /** One is over; `false` when it was none. */
  forget(id: RequestId): boolean {
    const key = idKey(id);
    this.#tokens.forget(key);
    return this.#open.delete(key);
  }

  /** All are over; their ids. */
  drop(): RequestId[] {
    const ids = [...this.#open.values()];
    for (const id of ids) this.forget(id);
    return ids;
  }
}
