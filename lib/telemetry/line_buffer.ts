// Log lines on their way out: in order, in batches, bounded, and never waiting for who reads them.

import { Buffer } from "node:buffer";
import { clearTimeout, setTimeout } from "node:timers";

/** Takes bytes; resolves when all of them are taken, rejects with `code: "EPIPE"` when the reader is gone for good. */
export type Sink = (bytes: Uint8Array) => Promise<void>;

/** The most that waits to be written; further lines are dropped and counted. */
export const WAITING_LIMIT_CHARS = 4 * 1024 * 1024;

/** The amount of waiting text that is written without delay. */
export const BATCH_CHARS = 16 * 1024;

/** The longest that a line waits for others to be written with. */
export const BATCH_DELAY_MS = 50;

interface Entry {
  readonly text: string;
  /** How many lines it stands for: the one about dropped lines stands for those. */
  readonly events: number;
}

/** A bounded buffer of lines in front of a sink, of which one write at a time is under way. */
export class LineBuffer {
  readonly #sink: Sink;
  readonly #lostLine: (count: number) => string;
  #entries: Entry[] = [];
  /** Of the lines and of the write under way. */
  #chars = 0;
  #lost = 0;
  #timer?: ReturnType<typeof setTimeout>;
  #writing?: Promise<void>;
  #closed = false;

  /** @param lostLine the line that says how many were dropped */
  constructor(sink: Sink, lostLine: (count: number) => string) {
    this.#sink = sink;
    this.#lostLine = lostLine;
  }

  /** Takes a line, to be written now or with the next batch. */
  add(line: string, urgency: "soon" | "now"): void {
    if (this.#closed) return;
    if (this.#chars + line.length > WAITING_LIMIT_CHARS) {
      this.#lost++;
      return;
    }
    this.#confessLoss();
    this.#push({ text: line, events: 1 });
    if (urgency === "now" || this.#chars >= BATCH_CHARS) this.#start();
    else this.#startLater();
  }

  /** Resolves when nothing waits any more, or after `deadlineMs`. */
  async flush(deadlineMs: number): Promise<void> {
    this.#start();
    if (!this.#writing) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, deadlineMs);
    });
    await Promise.race([this.#writing, deadline]);
    clearTimeout(timer);
  }

  #startLater(): void {
    if (this.#timer || this.#writing) return;
    this.#timer = setTimeout(() => this.#start(), BATCH_DELAY_MS);
    this.#timer.unref();
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#writing || this.#entries.length === 0) return;
    this.#writing = this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#entries.length > 0) {
      const { text, events } = this.#takeBatch();
      try {
        await this.#sink(Buffer.from(text));
      } catch (error) {
        if (isReaderGone(error)) return this.#close();
        // The disk is full, say: these lines are gone, later ones may get through.
        this.#lost += events;
        continue;
      } finally {
        this.#chars -= text.length;
      }
      this.#confessLoss();
    }
  }

  #takeBatch(): Entry {
    let text = "";
    let events = 0;
    let taken = 0;
    while (taken < this.#entries.length && text.length < BATCH_CHARS) {
      const entry = this.#entries[taken++];
      text += entry.text;
      events += entry.events;
    }
    this.#entries.splice(0, taken);
    return { text, events };
  }

  /** Says how many lines are missing: they came after all that waits. */
  #confessLoss(): void {
    if (this.#lost === 0) return;
    const events = this.#lost;
    this.#lost = 0;
    this.#push({ text: this.#lostLine(events), events });
  }

  #push(entry: Entry): void {
    this.#entries.push(entry);
    this.#chars += entry.text.length;
  }

  #close(): void {
    this.#closed = true;
    this.#entries = [];
    this.#lost = 0;
  }
}

function isReaderGone(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === "EPIPE";
}
