// Lets a session read many HTTP answers side by side, but only as far as it has room for them.

import type { Memory } from "../../channel/memory.ts";
import { within } from "../../channel/within.ts";
import { SlimMap } from "../../channel/slim_map.ts";

/** How soon to look again for room, in milliseconds: it may be the client that has made some. */
const RECHECK_MS = 50;

/** One answer that is being read. */
export interface Share {
  /** Holds an answer of known size before it is read as a whole; `false` while there is no room for it. */
  takeWhole(bytes: number): boolean;
  /** What comes of it, each part when there is room for it. */
  through(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
  /** What came so far is held by somebody else now. */
  handedOn(): void;
  /** Nothing more is read. May be called twice. */
  end(): void;
}

/**
 * The answers that one channel is reading, in the account of its session. While that is
 * full, only the one goes on that has been read the longest: so one message more is held,
 * and none waits for ever.
 */
export class Intake {
  readonly #memory: Memory;
  /** What each of them holds, in bytes; the oldest first. */
  readonly #held = new SlimMap<Share, number>();
  /** Resolves when there may be room; made for who waits. */
  #change?: PromiseWithResolvers<void>;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** Begins to read one; when `signal` has fired it does not wait for room any more. */
  begin(signal: AbortSignal): Share {
    const share: Share = {
      takeWhole: (bytes) => this.#takeWhole(share, bytes),
      through: (chunks) => this.#through(share, chunks, signal),
      handedOn: () => this.#release(share),
      end: () => this.#release(share),
    };
    return share;
  }

  #takeWhole(share: Share, bytes: number): boolean {
    if (this.#memory.full) return false;
    this.#held.set(share, bytes);
    this.#memory.add(bytes);
    return true;
  }

  async *#through(
    share: Share,
    chunks: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.#held.set(share, (this.#held.get(share) ?? 0) + chunk.length);
      this.#memory.add(chunk.length);
      yield chunk;
      while (!signal.aborted && this.#mustWait(share)) {
        this.#change ??= Promise.withResolvers();
        await within(this.#change.promise, RECHECK_MS);
      }
    }
  }

  #mustWait(share: Share): boolean {
    const [oldest] = this.#held.keys();
    return this.#memory.full && oldest !== undefined && oldest !== share;
  }

  #release(share: Share): void {
    const bytes = this.#held.get(share) ?? 0;
    if (!this.#held.delete(share)) return;
    this.#memory.add(-bytes);
    this.#change?.resolve();
    this.#change = undefined;
  }
}
