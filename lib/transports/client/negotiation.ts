// Overhears `initialize`: which revision a session has agreed on.

import type { Envelope } from "../../channel/envelope.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { RequestId } from "../../protocol/messages.ts";

/** What the handshake of one session came to. */
export class Negotiation {
  #asked?: RequestId;
  #answered = false;
  #revision?: string;

  /** The negotiated revision (2025-11-25 `basic/lifecycle` § Version Negotiation). */
  get revision(): string | undefined {
    return this.#revision;
  }

  /** Whether the backend has answered, and no revision was agreed on. */
  get failed(): boolean {
    return this.#answered && this.#revision === undefined;
  }

  /** Notes a message of the client, which may ask again: after a refusal, or to begin anew. */
  fromClient({ head }: Envelope): void {
    if (head.kind !== "request" || head.method !== METHODS.initialize) return;
    this.#asked ??= head.id as RequestId;
  }

  /** Notes a message of the backend. */
  fromBackend(envelope: Envelope): void {
    const { kind, id } = envelope.head;
    if (this.#asked === undefined) return;
    if (kind !== "response" || id !== this.#asked) return;
    this.#asked = undefined;
    this.#answered = true;
    const result = envelope.message().result as
      | { protocolVersion?: unknown }
      | undefined;
    if (typeof result?.protocolVersion === "string") {
      this.#revision = result.protocolVersion;
    }
  }
}
