// Reads an event stream (WHATWG HTML § 9.2): the data of each event, where each is one line.

import { Buffer } from "node:buffer";
import { isNotification } from "./answers.ts";

const BLANK = "\n\n";
const DATA = "data: ";

/** Puts the pieces of a stream together. */
export class EventPieces {
  readonly #onData: (data: Buffer, event: string) => void;
  #pieces: Buffer[] = [];

  constructor(onData: (data: Buffer, event: string) => void) {
    this.#onData = onData;
  }

  /** Takes what the stream has brought. */
  push(piece: Buffer): void {
    this.#pieces.push(piece);
    // An event ends with a blank line: until one comes, nothing is put together.
    if (piece.indexOf(BLANK) === -1 && piece.at(-1) !== 10) return;
    let input = Buffer.concat(this.#pieces);
    for (;;) {
      const end = input.indexOf(BLANK);
      if (end === -1) break;
      this.#event(input.subarray(0, end));
      input = input.subarray(end + BLANK.length);
    }
    this.#pieces = input.length > 0 ? [input] : [];
  }

  #event(event: Buffer): void {
    const from = event.indexOf(DATA);
    if (from === -1) return;
    const end = event.indexOf("\n", from);
    const data = event.subarray(
      from + DATA.length,
      end === -1 ? event.length : end,
    );
    if (data.length > 0) this.#onData(data, event.toString("latin1", 0, from));
  }
}

/** The messages of a stream that is over. */
export interface WholeStream {
  /** The last one: the answer it was for. */
  readonly answer: Buffer;
  readonly notifications: number;
}

/** Reads it. */
export function wholeStream(stream: Buffer): WholeStream {
  let answer = stream;
  let notifications = 0;
  const events = new EventPieces((data) => {
    answer = data;
    if (isNotification(data)) notifications++;
  });
  events.push(stream);
  return { answer, notifications };
}
