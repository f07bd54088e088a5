// What a server has asked the client and still waits for, so that it can be taken back when the server dies.

import { Envelope } from "../channel/envelope.ts";
import type { Relation } from "../channel/envelope.ts";
import { requestIdOf } from "../channel/named_ids.ts";
import { SlimMap } from "../channel/slim_map.ts";
import { METHODS } from "../protocol/methods.ts";
import { idKey } from "../protocol/messages.ts";
import type { RequestId } from "../protocol/messages.ts";

/** The open requests of one life of a server, as the client knows them; as many as the bridge lets be open. */
export class OpenQuestions {
  readonly #open = new SlimMap<
    string,
    { readonly id: RequestId; readonly relatesTo: Relation }
  >();

  /** Notes a message of the server. */
  said(envelope: Envelope): void {
    const { head, relatesTo } = envelope;
    if (head.kind === "request") {
      const id = head.id as RequestId;
      this.#open.set(idKey(id), { id, relatesTo });
    }
    if (head.method === METHODS.cancelled) this.answered(requestIdOf(envelope));
  }

  /** Notes that the client has answered. */
  answered(id: RequestId | null | undefined): void {
    if (id !== null && id !== undefined) this.#open.delete(idKey(id));
  }

  /** Takes back all that is open; each cancellation goes the way its question went. */
  takeBack(reason: string): Envelope[] {
    const open = [...this.#open.values()];
    this.#open.clear();
    return open.map(({ id: requestId, relatesTo }) => {
      const params = { requestId, reason };
      const method = METHODS.cancelled;
      const { bytes } = Envelope.of({ jsonrpc: "2.0", method, params });
      return Envelope.read(bytes, relatesTo);
    });
  }
}
