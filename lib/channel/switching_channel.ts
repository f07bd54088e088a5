// A conversation that may turn out to have begun over the wrong channel: then it begins anew over another.

import { GatewayError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Channel } from "./channel.ts";
import type { Envelope } from "./envelope.ts";
import type { Memory } from "./memory.ts";

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
  /** Judges a message of the first channel; the one that shows it to be wrong is not handed out. */
  judge(envelope: Envelope, conversation: Ending): Verdict | Promise<Verdict>;
  /** Whether the first channel broke for such a reason; then `other()` opens what to go on with. */
  isWrong?(error: unknown): boolean;
  other?(error: unknown, conversation: Ending): Promise<Channel>;
}

/** What ends. */
export interface Ending {
  /** Fires with the end; made for who asks for it. */
  readonly signal: AbortSignal;
}

/**
 * Keeps what was sent until the first channel is known to be right; else it is closed, and what
 * was sent goes over the other. Nothing is processed twice: whoever judges knows that the first
 * has taken none of it.
 */
export class SwitchingChannel
  implements Channel, Ending, AsyncIterator<Envelope, undefined> {
  readonly #options: SwitchingOptions;
  /** What was sent, until it is known which channel it is for. */
  #early?: Envelope[] = [];
  #earlyBytes = 0;
  #isClosed = false;
  #closing?: AbortController;
  #state: "trying" | "switching" | "settled" = "trying";
  #current: Channel;
  #messages: AsyncIterator<Envelope>;

  constructor(options: SwitchingOptions) {
    const { first } = options;
    this.#options = options;
    this.#current = first;
    this.#messages = first[Symbol.asyncIterator]();
  }

  get signal(): AbortSignal {
    this.#closing ??= new AbortController();
    if (this.#isClosed) this.#closing.abort();
    return this.#closing.signal;
  }

  send(envelope: Envelope): Promise<void> {
    const early = this.#early;
    if (!early) return this.#current.send(envelope);
    const limit = this.#fullBy;
    if (limit) return Promise.reject(this.#tooEarly(limit));
    early.push(envelope);
    this.#hold(envelope.weight);
    if (this.#state === "switching") return Promise.resolve();
    const { isWrong } = this.#options;
    const sent = this.#current.send(envelope);
    if (!isWrong) return sent;
    return sent.catch((error) => {
      // The break came first: the message is among the early ones.
      if (!isWrong(error)) throw error;
    });
  }

  close(reason?: Error): Promise<void> {
    this.#isClosed = true;
    this.#closing?.abort();
    this.#forget();
    return this.#current.close(reason);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next message, whosever it is. */
  next(): Promise<IteratorResult<Envelope, undefined>> {
    return this.#state === "settled" ? this.#messages.next() : this.#tried();
  }

  /** The next message while it is not settled whose it is; once it is closed, nothing goes wrong any more. */
  async #tried(): Promise<IteratorResult<Envelope, undefined>> {
    try {
      while (this.#state !== "settled") {
        const next = await this.#next();
        if (!next) continue;
        if (next.done) return next;
        const judged = this.#options.judge(next.value, this);
        const verdict = judged instanceof Promise ? await judged : judged;
        if (verdict === "undecided") return next;
        if (verdict === "right") {
          this.#settle();
          return next;
        }
        await this.#switchTo(verdict);
      }
      return await this.#messages.next();
    } catch (error) {
      if (!this.#isClosed) throw error;
      return { done: true, value: undefined };
    }
  }

  /** Nothing where the conversation goes on over another channel. */
  #next(): Promise<IteratorResult<Envelope, undefined> | undefined> {
    const next = this.#messages.next();
    return this.#options.other ? next.catch((why) => this.#broke(why)) : next;
  }

  async #broke(error: unknown): Promise<undefined> {
    const { isWrong, other } = this.#options;
    if (!other || !isWrong?.(error)) throw error;
    this.#state = "switching";
    await this.#current.close();
    await this.#switchTo(await other(error, this));
  }

  async #switchTo(other: Channel): Promise<void> {
    this.#state = "switching";
    const first = this.#current;
    this.#current = other;
    this.#messages = other[Symbol.asyncIterator]();
    await first.close();
    if (this.#isClosed) await other.close();
    for (;;) {
      const early = this.#early?.shift();
      if (!early) break;
      this.#hold(-early.weight);
      await other.send(early);
    }
    this.#settle();
  }

  #settle(): void {
    this.#state = "settled";
    this.#forget();
  }

  #forget(): void {
    this.#hold(-this.#earlyBytes);
    this.#early = undefined;
  }

  #hold(bytes: number): void {
    this.#earlyBytes += bytes;
    this.#options.memory.add(bytes);
  }

  /** Which bound what is kept has reached, as the configuration names them. */
  get #fullBy(): "streamBuffer" | "sessionBuffer" | undefined {
    const { limits, memory } = this.#options;
    if (this.#earlyBytes >= limits.streamBytes) return "streamBuffer";
    return memory.full && this.#earlyBytes > 0 ? "sessionBuffer" : undefined;
  }

  #tooEarly(limit: string): GatewayError {
    return new GatewayError(
      "backend_stalled",
      `Too much was sent before server "${this.#options.name}" had answered`,
      { fields: { limit } },
    );
  }
}
