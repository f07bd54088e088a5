// The body of an answer towards a client, handed over in pieces as fast as they are read, and accounted for until then.

import { GatewayError } from "../../errors.ts";
import type { Backlog, Unread } from "./backlog.ts";
import { Pieces } from "./pieces.ts";

/** How a body ended. */
export type BodyEnd = "ended" | "reader_left" | "reader_stalled";

const LINE_FEED = 10;

/** One body; its backlog knows it until everything was read. */
export class OutgoingBody implements Unread {
  readonly name: Unread["name"];
  /** What the runtime reads. */
  readonly stream: ReadableStream<Uint8Array>;
  readonly #backlog: Backlog;
  /** The backlog bounds it, between whole messages. */
  readonly #pieces = new Pieces();
  readonly #over = Promise.withResolvers<BodyEnd>();
  #controller?: ReadableStreamDefaultController<Uint8Array>;
  /** What of it is in the account of the session. */
  #weight = 0;
  /** What was written although the body was full. */
  #surplus = 0;
  #open = true;
  #isFinished = false;
  /** Whether the runtime asked for more than there was. */
  #isWanted = false;
  /** Whether a message was handed over in part. */
  #isWithinMessage = false;
  /** When its reader last took something, or had nothing to take. */
  #readAt = performance.now();

  constructor(name: Unread["name"], backlog: Backlog) {
    this.name = name;
    this.#backlog = backlog;
    this.stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => {
        this.#isWanted = true;
        this.#handOver();
      },
      cancel: () => {
        this.#backlog.left(this);
        this.#drop("reader_left");
      },
    }, { highWaterMark: 0 });
    backlog.enter(this);
  }

  /** Resolves when nothing more can be written, with the reason. */
  get over(): Promise<BodyEnd> {
    return this.#over.promise;
  }

  /** Whether more can be written. */
  get open(): boolean {
    return this.#open;
  }

  get weight(): number {
    return this.#weight;
  }

  get readAt(): number {
    return this.#readAt;
  }

  /** Queues one whole message; `false` when the body is over, or was cut because far too much waits in it. */
  write(parts: readonly Uint8Array[]): boolean {
    if (!this.#open) return false;
    if (!this.#mayTake(parts)) {
      this.#backlog.cut(this, "streamBuffer");
      return false;
    }
    if (this.#weight === 0) this.#readAt = performance.now();
    this.#pieces.push(...parts);
    this.#handOver();
    return true;
  }

  /** Ends the body after what is queued. */
  end(): void {
    this.#close("ended");
    this.#handOver();
  }

  cut(): void {
    this.#break("reader_stalled");
  }

  withhold(): void {
    // What is not a whole message could not be gone on with.
    if (this.#isWithinMessage || !this.#open) return this.#break("ended");
    this.#pieces.clear();
    this.#account();
  }

  /** Forgets what was not read: its reader gets it elsewhere. */
  abandon(): void {
    this.#break("ended");
  }

  /** Gives the runtime what it asked for, as far as there is something. */
  #handOver(): void {
    if (this.#isWanted) {
      this.#readAt = performance.now();
      const piece = this.#pieces.take();
      if (piece) {
        this.#isWanted = false;
        this.#isWithinMessage = !endsEvent(piece);
        this.#controller?.enqueue(piece);
      }
    }
    this.#account();
    if (!this.#open && this.#weight === 0) this.#finish();
  }

  /** Everything was handed over. */
  #finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#backlog.leave(this);
    this.#controller?.close();
  }

  /** Who writes waits for room, but for short messages of the gateway's own: they may not pile up either. */
  #mayTake(parts: readonly Uint8Array[]): boolean {
    const { streamBytes } = this.#backlog;
    if (this.#weight < streamBytes) {
      this.#surplus = 0;
      return true;
    }
    this.#surplus += parts.reduce((sum, { length }) => sum + length, 0);
    return this.#surplus <= streamBytes;
  }

  /** The client sees an answer that broke off. */
  #break(end: BodyEnd): void {
    this.#drop(end);
    this.#controller?.error(
      new GatewayError("client_stalled", "The rest of the answer was dropped"),
    );
  }

  #drop(end: BodyEnd): void {
    this.#isFinished = true;
    this.#pieces.clear();
    this.#account();
    this.#close(end);
    this.#backlog.leave(this);
  }

  #account(): void {
    const { weight } = this.#pieces;
    const change = weight - this.#weight;
    this.#weight = weight;
    if (change !== 0) this.#backlog.changed(change);
  }

  #close(end: BodyEnd): void {
    this.#open = false;
    this.#over.resolve(end);
  }
}

/** Whether bytes of an event stream end with an event: there is no empty line within one. */
function endsEvent(bytes: Uint8Array): boolean {
  return bytes.at(-1) === LINE_FEED && bytes.at(-2) === LINE_FEED;
}
