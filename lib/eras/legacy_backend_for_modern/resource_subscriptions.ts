// The resources that a session is subscribed to on behalf of several listeners: once for all of them.

import { STATE_METHODS } from "../../backends/agreement.ts";
import type { Envelope } from "../../channel/envelope.ts";

/** Asks the server; rejects when no answer will come. */
export type AskServer = (
  method: string,
  params: Record<string, unknown>,
) => Promise<Envelope>;

interface Subscription {
  listeners: number;
  /** Settles when the server has done what was asked last; whether it is subscribed then. Never rejects. */
  state: Promise<boolean>;
}

/** Counted: the first listener subscribes, the last one unsubscribes. */
export class ResourceSubscriptions {
  readonly #ask: AskServer;
  readonly #all = new Map<string, Subscription>();

  constructor(ask: AskServer) {
    this.#ask = ask;
  }

  /** Adds a listener; resolves to whether the server tells of the resource. To be removed in either case. */
  add(uri: string): Promise<boolean> {
    const known = this.#all.get(uri) ??
      { listeners: 0, state: Promise.resolve(false) };
    this.#all.set(uri, known);
    if (++known.listeners > 1) return known.state;
    return known.state = known.state
      .then(() => this.#isDone(STATE_METHODS.subscribe, uri));
  }

  /** Takes a listener away. */
  remove(uri: string): void {
    const known = this.#all.get(uri);
    if (!known || --known.listeners > 0) return;
    known.state = known.state.then(async (isSubscribed) => {
      if (isSubscribed) await this.#isDone(STATE_METHODS.unsubscribe, uri);
      if (known.listeners === 0) this.#all.delete(uri);
      return false;
    });
  }

  async #isDone(method: string, uri: string): Promise<boolean> {
    try {
      return !(await this.#ask(method, { uri })).head.failed;
    } catch {
      return false; // The server has gone, and who listens is told.
    }
  }
}
