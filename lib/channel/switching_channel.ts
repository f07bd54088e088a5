// A conversation that may turn out to have begun over the wrong channel: then it begins anew over another.

import { GatewayError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Channel } from "./channel.ts";
import type { Envelope } from "./envelope.ts";
import type { Memory } from "./memory.ts";
import { Queue } from "./queue.ts";

/** What is shown by what came of the first channel: that it is right, nothing yet, or what to go on with in its place. */
export type Verdict = "right" | "undecided" | Channel;

/** What such a channel needs. */
export interface SwitchingOptions {
  /** The backend's name. */
  readonly name: string;
  /** Its bounds hold for what is kept. */
  readonly limits: Limits;
  readonly memory: Memory;
  readonly first: Channel;
  /** Judges a message of the first channel; the one that shows it to be wrong is not handed out. `signal` fires with the end. */
  judge(envelope: Envelope, signal: AbortSignal): Verdict | Promise<Verdict>;
  /** Whether the first channel broke for such a reason; then `other()` opens what to go on with. */
  isWrong?(error: unknown): boolean;
  other?(error: unknown, signal: AbortSignal): Promise<Channel>;
}

/**
 * Keeps what was sent until the first channel is known to be right; else it is closed, and what
 * was sent goes over the other. Nothing is processed twice: whoever judges knows that the first
 * has taken none of it.
 */
export class SwitchingChannel implements Channel {
  readonly #options: SwitchingOptions;
  readonly #closing = new AbortController();
  readonly #early: Queue<Envelope>;
  #state: "trying" | "switching" | "settled" = "trying";
  #current: Channel;
  #messages: AsyncIterator<Envelope>;

  constructor(options: SwitchingOptions) {
    const { limits, memory, first } = options;
    this.#options = options;
    this.#early = new Queue(limits.streamBytes, ({ weight }) => weight, memory);
    this.#current = first;
    this.#messages = first[Symbol.asyncIterator]();
  }

  send(envelope: Envelope): Promise<void> {
    if (this.#state === "settled" || this.#closing.signal.aborted) {
      return this.#current.send(envelope);
    }
    if (!this.#early.push(envelope)) return Promise.reject(this.#tooEarly());
    if (this.#state === "switching") return Promise.resolve();
    return this.#current.send(envelope).catch((error) => {
      // The break came first: the message is among the early ones.
      if (!this.#options.isWrong?.(error)) throw error;
    });
  }

  async close(reason?: Error): Promise<void> {
    this.#closing.abort();
    this.#early.drop();
    await this.#current.close(reason);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return {
      next: () =>
        this.#state === "settled" ? this.#messages.next() : this.#tried(),
    };
  }

  /** Once it is closed, nothing goes wrong any more. */
  async #tried(): Promise<IteratorResult<Envelope, undefined>> {
    try {
      return await this.#try();
    } catch (error) {
      if (!this.#closing.signal.aborted) throw error;
      return { done: true, value: undefined };
    }
  }

  /** The next message while it is not settled whose it is. */
  async #try(): Promise<IteratorResult<Envelope, undefined>> {
    while (this.#state !== "settled") {
      const next = await this.#next();
      if (!next) continue;
      if (next.done) return next;
      const { signal } = this.#closing;
      const verdict = await this.#options.judge(next.value, signal);
      if (verdict === "undecided") return next;
      if (verdict === "right") {
        this.#settle();
        return next;
      }
      await this.#switchTo(verdict);
    }
    return await this.#messages.next();
  }

  /** Nothing where the conversation goes on over another channel. */
  async #next(): Promise<IteratorResult<Envelope, undefined> | undefined> {
    const { isWrong, other } = this.#options;
    try {
      return await this.#messages.next();
    } catch (error) {
      if (!other || !isWrong?.(error)) throw error;
      this.#state = "switching";
      await this.#current.close();
      await this.#switchTo(await other(error, this.#closing.signal));
    }
  }

  async #switchTo(other: Channel): Promise<void> {
    this.#state = "switching";
    const first = this.#current;
    this.#current = other;
    this.#messages = other[Symbol.asyncIterator]();
    await first.close();
    if (this.#closing.signal.aborted) await other.close();
    while (this.#early.weight > 0) {
      const early = await this.#early.next();
      if (!early.done) await other.send(early.value);
    }
    this.#settle();
  }

  #settle(): void {
    this.#state = "settled";
    this.#early.drop();
  }

  #tooEarly(): GatewayError {
    return new GatewayError(
      "backend_stalled",
      `Too much was sent before server "${this.#options.name}" had answered`,
      { fields: { limit: this.#early.fullBy } },
    );
  }
}
