// Reads server-sent events from bytes (WHATWG HTML § 9.2.6), without a text copy of their data.

import { GatewayError } from "../errors.ts";
import { concat } from "./concat.ts";
import { SseLines } from "./sse_lines.ts";

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
// A byte order mark inside the stream is part of its line; only the first one is not (`SseLines`).
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

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

  add(line: Uint8Array): void {
    const colon = line.indexOf(COLON);
    if (colon === 0) return;
    const end = colon === -1 ? line.length : colon;
    const start = line[end + 1] === SPACE ? end + 2 : end + 1;
    this.#set(decoder.decode(line.subarray(0, end)), line.subarray(start));
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

  #set(field: string, value: Uint8Array): void {
    if (field === "data") return this.#addData(value);
    // The other fields are short; decoding them always would copy data lines of unknown fields.
    if (field === "event") this.#name = decoder.decode(value);
    if (field === "id" && !value.includes(0)) this.#id = decoder.decode(value);
    if (field === "retry") {
      this.#retry = wholeNumber(decoder.decode(value)) ?? this.#retry;
    }
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
 * The events of a stream, as they come; an unfinished one at its end is left out,
 * as the standard says. Throws `message_too_large` beyond `limit` bytes in one event,
 * and whatever reading `chunks` throws. Leaving the loop early ends the stream.
 */
export async function* readSseEvents(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<SseEvent> {
  const lines = new SseLines();
  let block = new Block();
  for await (const chunk of chunks) {
    for (const line of lines.push(chunk)) {
      if (line.length > 0) {
        block.add(line);
        continue;
      }
      const event = block.finish();
      block = new Block();
      if (event) yield event;
    }
    if (block.size + lines.pending > limit) {
      throw new GatewayError(
        "message_too_large",
        `An event is larger than ${limit} bytes`,
      );
    }
  }
}

function wholeNumber(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
