// Reads a socket only as far as it is asked to: who stops asking is a client that stopped reading.

import { Buffer } from "node:buffer";
import type { Socket } from "node:net";

/** The connection ended before what was to come. */
export class ConnectionBroken extends Error {
  override readonly name = "ConnectionBroken";
}

const LINE_FEED = 10;
const MAX_LINE_BYTES = 64 * 1024;

/** The bytes of one socket, in order. */
export class SocketReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#chunks = socket[Symbol.asyncIterator]();
  }

  /** The next line without its end. Throws `ConnectionBroken`. */
  async line(): Promise<string> {
    let end = this.#rest.indexOf(LINE_FEED);
    while (end === -1) {
      const chunk = await this.#next();
      if (!chunk) throw new ConnectionBroken("the connection ended");
      this.#rest = Buffer.concat([this.#rest, chunk]);
      end = this.#rest.indexOf(LINE_FEED);
      if (end === -1 && this.#rest.length > MAX_LINE_BYTES) {
        throw new ConnectionBroken("a line without an end");
      }
    }
    const line = this.#rest.subarray(0, end).toString("latin1");
    this.#rest = this.#rest.subarray(end + 1);
    return line.trimEnd();
  }

  /** At most `most` bytes of what comes; `undefined` at the end. */
  async some(most: number): Promise<Buffer | undefined> {
    if (this.#rest.length === 0) {
      const chunk = await this.#next();
      if (!chunk) return undefined;
      this.#rest = chunk;
    }
    const part = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }

  async #next(): Promise<Buffer | undefined> {
    try {
      const { done, value } = await this.#chunks.next();
      return done ? undefined : value;
    } catch {
      // Reset by the other side, or destroyed by our own: either way nothing more comes.
      return undefined;
    }
  }
}
