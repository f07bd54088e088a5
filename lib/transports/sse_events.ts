// Reads server-sent events from bytes (WHATWG HTML § 9.2.6), without a text copy of their data.

import { GatewayError } from "../errors.ts";
import { isAt } from "./bytes_at.ts";
import { concat, ownBytes } from "./concat.ts";
import { SseLines } from "./sse_lines.ts";
import type { TakeLine } from "./sse_lines.ts";

/** One event, or a block that only set an id or a retry time: then `data` is empty. */
export interface SseEvent {
  /** The event's name; `message` when the stream gave none. */
  readonly event: string;
  /** The data lines joined with line feeds, as they came; UTF-8 where the server keeps to the standard. */
  readonly data: Uint8Array;
  /** The id this block set; an empty one takes back the last. */
  readonly id?: string;
  /** How long to wait before reconnecting, in milliseconds. */
  readonly retry?: number;
}

const COLON = 58;
const SPACE = 32;
const LINE_FEED = new Uint8Array([10]);
const encoder = new TextEncoder();
// A byte order mark inside the stream is part of its line; only the first one is not (`SseLines`).
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The fields that mean something; the most frequent first. */
const FIELDS = ["data", "event", "id", "retry"] as const;
const FIELD_NAMES = FIELDS.map((name) => [name, encoder.encode(name)] as const);
/** The usual value of `event`, which is compared much faster than decoded. */
const MESSAGE = encoder.encode("message");

/** Collects the fields of one block until the empty line that ends it. */
class Block {
  #name = "";
  #data: Uint8Array[] = [];
  #size = 0;
  #id?: string;
  #retry?: number;

  /** The bytes of data so far. */
  get size(): number {
    return this.#size;
  }

  /** Takes the line that stands between two places. */
  add(bytes: Uint8Array, start: number, end: number): void {
    for (const [field, name] of FIELD_NAMES) {
      const colon = start + name.length;
      const isWhole = colon === end || bytes[colon] === COLON;
      if (!isWhole || !isAt(bytes, start, end, name)) continue;
      const value = bytes[colon + 1] === SPACE ? colon + 2 : colon + 1;
      return this.#set(field, bytes, Math.min(value, end), end);
    }
  }

  /** The event, unless nothing was set that matters. */
  finish(): SseEvent | undefined {
    const [id, retry] = [this.#id, this.#retry];
    if (this.#data.length === 0 && id === undefined && retry === undefined) {
      return undefined;
    }
    const data = concat(this.#data, this.#size);
    return { event: this.#name || "message", data, id, retry };
  }

  #set(
    field: typeof FIELDS[number],
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    if (field === "data") return this.#addData(ownBytes(bytes, start, end));
    if (field === "event" && isMessage(bytes, start, end)) {
      this.#name = "message";
      return;
    }
    const text = decoder.decode(bytes.subarray(start, end));
    if (field === "event") this.#name = text;
    if (field === "id" && !text.includes("\0")) this.#id = text;
    if (field === "retry") this.#retry = wholeNumber(text) ?? this.#retry;
  }

  #addData(value: Uint8Array): void {
    if (this.#data.length > 0) this.#append(LINE_FEED);
    this.#append(value);
  }

  #append(part: Uint8Array): void {
    this.#data.push(part);
    this.#size += part.length;
    if (this.#data.length > MAX_PARTS) this.#size = Infinity;
  }
}

/** Data lines and the breaks between them in one event: empty ones have no size, and are not for free. */
const MAX_PARTS = 200_000;

/**
 * The events of a stream, as they come: those that one chunk completes together. An unfinished
 * one at its end is left out, as the standard says. Throws `message_too_large` beyond `limit`
 * bytes in one event, and whatever reading `chunks` throws. Leaving the loop early ends the stream.
 */
export async function* readSseEvents(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<readonly SseEvent[]> {
  const lines = new SseLines();
  let block = new Block();
  let events: SseEvent[] = [];
  const take: TakeLine = (bytes, start, end) => {
    if (start < end) return block.add(bytes, start, end);
    const event = block.finish();
    block = new Block();
    if (event) events.push(event);
  };
  for await (const chunk of chunks) {
    lines.push(chunk, take);
    if (events.length > 0) {
      const complete = events;
      // Nothing of them is held while more is waited for.
      events = [];
      yield complete;
    }
    if (block.size + lines.pending > limit) {
      throw new GatewayError(
        "message_too_large",
        `An event is larger than ${limit} bytes`,
      );
    }
  }
}

function isMessage(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === MESSAGE.length && isAt(bytes, start, end, MESSAGE);
}

function wholeNumber(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
