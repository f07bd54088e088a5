// What a peer says on its way to its one consumer: sifted, with messages put in between, and nothing read ahead.

import { asGatewayError } from "../errors.ts";
import type { Envelope } from "./envelope.ts";
import { Queue } from "./queue.ts";

/** Tells what becomes of a message; nothing where it is left out. */
export type Sift = (envelope: Envelope) => Envelope | undefined;

/** The next message is asked for when the consumer waits for one, so that who is slow holds up only who speaks to it. */
export class Passage implements AsyncIterableIterator<Envelope, undefined> {
  readonly #source: AsyncIterator<Envelope, unknown>;
  readonly #sift: Sift;
  /** What the consumer has not taken: put in between, or come while it was given that. */
  readonly #ready = new Queue<Envelope>(Infinity);
  readonly #take = (result: IteratorResult<Envelope, unknown>) =>
    this.#hear(result);
  readonly #fail = (error: unknown) => this.end(asGatewayError(error));
  #isReading = false;

  constructor(source: AsyncIterable<Envelope>, sift: Sift) {
    this.#source = source[Symbol.asyncIterator]();
    this.#sift = sift;
  }

  /** Puts in a message; how many there are is for the caller to bound. */
  put(envelope: Envelope): void {
    this.#ready.push(envelope);
  }

  /** Ends it: the consumer gets what is ready, then the end, or `reason` thrown. */
  end(reason?: Error): void {
    this.#ready.end(reason);
  }

  /** Ends it at once. */
  drop(): void {
    this.#ready.drop();
  }

  /** The next message. */
  next(): Promise<IteratorResult<Envelope, undefined>> {
    const next = this.#ready.next();
    if (this.#ready.awaited && !this.#isReading) this.#read();
    return next;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #read(): void {
    this.#isReading = true;
    this.#source.next().then(this.#take, this.#fail);
  }

  #hear({ done, value }: IteratorResult<Envelope, unknown>): void {
    this.#isReading = false;
    if (done) return this.end();
    try {
      const sifted = this.#sift(value);
      if (sifted) this.#ready.push(sifted);
      else if (!this.#ready.ended) this.#read();
    } catch (error) {
      this.#fail(error);
    }
  }
}
