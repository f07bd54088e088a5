// Reads HTTP/1.1 answers off a connection as they come: heads, bodies of known length, and chunks (RFC 9112).

import { Buffer } from "node:buffer";

/** The head of an answer. */
export interface AnswerHead {
  readonly status: number;
  /** Everything before the body. */
  readonly fields: string;
}

/** Told what comes, piece by piece. */
export interface Reading {
  head(head: AnswerHead): void;
  piece(bytes: Buffer): void;
  end(): void;
}

type State = "head" | "length" | "size" | "chunk" | "chunkEnd" | "trailer";

const LINE_END = "\r\n";
const HEAD_END = "\r\n\r\n";
const NO_BODY: readonly number[] = [204, 304];

/** One answer after the other, on one connection. */
export class HttpReader {
  readonly #reading: Reading;
  #state: State = "head";
  /** What is not a whole line yet. */
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes of the body, or the chunk, that are still to come. */
  #left = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /** Takes what the connection has brought. */
  push(bytes: Buffer): void {
    let input = this.#rest.length > 0
      ? Buffer.concat([this.#rest, bytes])
      : bytes;
    this.#rest = Buffer.alloc(0);
    while (input.length > 0) {
      const taken = this.#take(input);
      if (taken === 0) {
        this.#rest = input;
        return;
      }
      input = input.subarray(taken);
    }
  }

  /** Takes the next thing off the input; 0 when more of it must come first. */
  #take(input: Buffer): number {
    switch (this.#state) {
      case "head":
        return this.#head(input);
      case "length":
        return this.#body(input, () => this.#end());
      case "chunk":
        return this.#body(input, () => this.#state = "chunkEnd");
      default:
        return this.#line(input);
    }
  }

  #head(input: Buffer): number {
    const end = input.indexOf(HEAD_END);
    if (end === -1) return 0;
    const fields = input.toString("latin1", 0, end);
    const status = Number(fields.slice(9, 12));
    this.#reading.head({ status, fields });
    const length = /\r\ncontent-length: *(\d+)/i.exec(fields)?.[1];
    if (NO_BODY.includes(status) || length === "0") this.#end();
    else if (length === undefined) this.#state = "size";
    else [this.#state, this.#left] = ["length", Number(length)];
    return end + HEAD_END.length;
  }

  #body(input: Buffer, whole: () => void): number {
    const piece = input.subarray(0, this.#left);
    this.#left -= piece.length;
    this.#reading.piece(piece);
    if (this.#left === 0) whole();
    return piece.length;
  }

  #line(input: Buffer): number {
    const end = input.indexOf(LINE_END);
    if (end === -1) return 0;
    if (this.#state === "chunkEnd") this.#state = "size";
    else if (this.#state === "trailer") {
      if (end === 0) this.#end();
    } else {
      this.#left = parseInt(input.toString("latin1", 0, end), 16);
      this.#state = this.#left === 0 ? "trailer" : "chunk";
    }
    return end + LINE_END.length;
  }

  #end(): void {
    this.#state = "head";
    this.#reading.end();
  }
}
