// What is asked of the client in the middle of its call, in the place of the server.

import { randomUUID } from "node:crypto";
import { Envelope } from "../../channel/envelope.ts";
import { METHODS } from "../../protocol/methods.ts";
import { idKey } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/messages.ts";

/** One question of a server. */
export interface Question {
  readonly method: string;
  readonly params: Record<string, unknown>;
  /** What the client knows it by where it is led elsewhere to answer it. */
  readonly visit?: string;
}

interface Open {
  readonly id: string;
  readonly call: RequestId;
  readonly resolve: (answer: Envelope) => void;
}

/** The open questions of one session. */
export class Questions {
  readonly #tell: (envelope: Envelope) => void;
  readonly #open = new Map<string, Open>();

  /** @param tell takes what the client is to be told */
  constructor(tell: (envelope: Envelope) => void) {
    this.#tell = tell;
  }

  /** Asks on the stream of a call; resolves with the client's answer, never when the call is over before. */
  ask(call: RequestId, { method, params }: Question): Promise<Envelope> {
    const id = `mcp-front-${randomUUID()}`;
    const asked = Envelope.of({ jsonrpc: "2.0", id, method, params });
    return new Promise((resolve) => {
      this.#open.set(idKey(id), { id, call, resolve });
      this.#tell(asked.relating(call));
    });
  }

  /** Takes an answer of the client; `false` where nobody has asked for it. */
  answered(answer: Envelope): boolean {
    const { id } = answer.head;
    const key = id === null || id === undefined ? "" : idKey(id);
    const open = this.#open.get(key);
    this.#open.delete(key);
    open?.resolve(answer);
    return open !== undefined;
  }

  /** Takes back what was asked for a call. */
  takeBack(call: RequestId, reason: string): void {
    for (const [key, open] of this.#open) {
      if (open.call !== call) continue;
      this.#open.delete(key);
      const params = { requestId: open.id, reason };
      const notice = { method: METHODS.cancelled, params };
      this.#tell(Envelope.of({ jsonrpc: "2.0", ...notice }).relating(call));
    }
  }

  /** Nobody is asked any more. */
  drop(): void {
    this.#open.clear();
  }
}
