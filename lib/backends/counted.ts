// A backend whose conversations cost a child process each, of which there may be only so many.

import type { Backend, OpenContext } from "../backend.ts";
import type { Channel } from "../channel/channel.ts";
import type { Envelope } from "../channel/envelope.ts";
import type { ChildPlaces } from "./child_places.ts";

/**
 * Wraps a backend: a conversation takes a place before it is opened, and gives it
 * back when the last of it is closed. `admit()` and `open()` throw `too_many_children`.
 */
export function counted(inner: Backend, places: ChildPlaces): Backend {
  const { name } = inner;
  return {
    name,
    admit: (principal) => {
      places.check(name, principal);
      inner.admit?.(principal);
    },
    open: (context) => openCounted(inner, context, places),
  };
}

async function openCounted(
  inner: Backend,
  context: OpenContext,
  places: ChildPlaces,
): Promise<Channel> {
  const giveBack = places.take(inner.name, context.principal);
  try {
    return new CountedChannel(await inner.open(context), giveBack);
  } catch (error) {
    giveBack();
    throw error;
  }
}

class CountedChannel implements Channel {
  readonly #inner: Channel;
  readonly #giveBack: () => void;

  constructor(inner: Channel, giveBack: () => void) {
    this.#inner = inner;
    this.#giveBack = giveBack;
  }

  send(envelope: Envelope): Promise<void> {
    return this.#inner.send(envelope);
  }

  async close(reason?: Error): Promise<void> {
    try {
      await this.#inner.close(reason);
    } finally {
      this.#giveBack();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return this.#inner[Symbol.asyncIterator]();
  }
}
