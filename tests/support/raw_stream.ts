// A streamed HTTP answer read from a bare socket, so that a test can really stop reading it.

import { Buffer } from "node:buffer";
import type { Socket } from "node:net";

const CRLF = "\r\n";

/** The body of a chunked answer (RFC 9112 § 7.1) as a `Response`; read from the socket only as far as it is consumed. */
export function responseFrom(socket: Socket): Response {
  const chunks = bodyChunks(socket);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  }, { highWaterMark: 0 });
  return new Response(body);
}

async function* bodyChunks(socket: Socket): AsyncGenerator<Uint8Array> {
  const input = new Input(socket);
  await input.until(CRLF + CRLF);
  for (;;) {
    const size = parseInt(await input.until(CRLF), 16);
    if (!(size > 0)) return;
    yield await input.take(size);
    await input.take(CRLF.length);
  }
}

/** Takes pieces of known size or ending off a socket. */
class Input {
  readonly #chunks: AsyncIterator<Buffer>;
  #pieces: Buffer[] = [];

  constructor(socket: Socket) {
    this.#chunks = socket[Symbol.asyncIterator]();
  }

  async until(ending: string): Promise<string> {
    for (;;) {
      const all = this.#joined();
      const end = all.indexOf(ending);
      if (end !== -1) return (await this.take(end + ending.length)).toString();
      await this.#more();
    }
  }

  async take(size: number): Promise<Buffer> {
    let length = this.#joined().length;
    while (length < size) length += await this.#more();
    const all = this.#joined();
    this.#pieces = [all.subarray(size)];
    return all.subarray(0, size);
  }

  #joined(): Buffer {
    if (this.#pieces.length > 1) this.#pieces = [Buffer.concat(this.#pieces)];
    return this.#pieces[0] ?? Buffer.alloc(0);
  }

  async #more(): Promise<number> {
    const { done, value } = await this.#chunks.next();
    if (done) throw new Error("the answer ended early");
    this.#pieces.push(value);
    return value.length;
  }
}
