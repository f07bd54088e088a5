// Messages of a backend that have no stream to go to yet: they wait, bounded, for one to open.

import type { Envelope } from "../../channel/envelope.ts";
import { SlimMap } from "../../channel/slim_map.ts";
import type { ClientChannelOptions } from "./client_channel.ts";

/** How long a message waits for a stream, before it is given up. */
export const HELD_MS = 10_000;

/** How many messages wait at most; together they may have as many bytes as may wait on one stream. */
export const MAX_HELD = 256;

/** The waiting room of one session. */
export class HeldMessages {
  readonly #options: ClientChannelOptions;
  readonly #giveUp: (envelope: Envelope) => void;
  readonly #held = new SlimMap<Envelope, ReturnType<typeof setTimeout>>();
  #bytes = 0;

  /**
   * @param options the bounds of the session
   * @param giveUp told of every message that waited in vain
   */
  constructor(
    options: ClientChannelOptions,
    giveUp: (envelope: Envelope) => void,
  ) {
    this.#options = options;
    this.#giveUp = giveUp;
  }

  /** Lets a message wait; `crowded` when there are too many and older ones were given up for it. */
  hold(envelope: Envelope): "waits" | "crowded" {
    const timer = setTimeout(() => this.#expire(envelope), HELD_MS);
    this.#held.set(envelope, timer);
    this.#account(envelope.weight);
    if (!this.#tooMany) return "waits";
    for (const oldest of this.#held.keys()) {
      if (!this.#tooMany || oldest === envelope) break;
      this.#expire(oldest);
    }
    return "crowded";
  }

  /** Offers what waits, in the order it came; what `place` does not take waits on. */
  offer(place: (envelope: Envelope) => boolean): void {
    for (const envelope of [...this.#held.keys()]) {
      if (place(envelope)) this.#remove(envelope);
    }
  }

  /** Takes out everything, in the order it came. */
  release(): Envelope[] {
    const all = [...this.#held.keys()];
    for (const envelope of all) this.#remove(envelope);
    return all;
  }

  #expire(envelope: Envelope): void {
    this.#remove(envelope);
    this.#giveUp(envelope);
  }

  #remove(envelope: Envelope): void {
    clearTimeout(this.#held.get(envelope));
    this.#held.delete(envelope);
    this.#account(-envelope.weight);
  }

  get #tooMany(): boolean {
    const { limits, memory } = this.#options;
    return this.#held.size > MAX_HELD || memory.full ||
      this.#bytes > limits.streamBytes;
  }

  #account(bytes: number): void {
    this.#bytes += bytes;
    this.#options.memory.add(bytes);
  }
}
