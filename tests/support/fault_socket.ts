// HTTP/1.1 over a socket of its own for each request, so that a test can really leave, and really stop reading.

import { Buffer } from "node:buffer";
import { connect } from "node:net";
import type { Socket } from "node:net";

/** One request. */
export interface SocketRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const CRLF = "\r\n";
const END_OF_HEAD = CRLF + CRLF;

/** Sends a request; resolves with its socket when it is written. */
export async function sendOn(
  { method, url, headers, body = "" }: SocketRequest,
): Promise<Socket> {
  const socket = connect(Number(url.port), url.hostname);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  socket.on("error", () => {
    // Whoever reads from it is told.
  });
  const all = {
    host: url.host,
    connection: "close",
    "content-length": String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const target = `${url.pathname}${url.search}`;
  const head = [`${method} ${target} HTTP/1.1`, ...lines].join(CRLF);
  await new Promise<void>((resolve) => {
    socket.write(head + END_OF_HEAD + body, () => resolve());
  });
  return socket;
}

/**
 * The answer on a socket. Its body is read from the socket only as far as it is
 * consumed, and fails when the connection breaks before its end.
 */
export async function answerOn(socket: Socket): Promise<Response> {
  const input = new Input(socket);
  const [statusLine = "", ...fields] = (await input.until(END_OF_HEAD))
    .trimEnd().split(CRLF);
  const status = Number(statusLine.split(" ")[1]);
  const headers = new Headers();
  for (const field of fields) {
    const colon = field.indexOf(":");
    headers.append(field.slice(0, colon), field.slice(colon + 1).trim());
  }
  const init = { status, headers };
  if (status === 204) return new Response(null, init);
  const chunks = bodyOf(input, headers);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  }, { highWaterMark: 0 });
  return new Response(body, init);
}

/** A body of known length, or in chunks (RFC 9112 § 7.1). */
async function* bodyOf(
  input: Input,
  headers: Headers,
): AsyncGenerator<Uint8Array> {
  const length = headers.get("content-length");
  if (length !== null) {
    yield await input.take(Number(length));
    return;
  }
  for (;;) {
    const size = parseInt(await input.until(CRLF), 16);
    if (Number.isNaN(size)) throw new Error("the answer is not in chunks");
    const chunk = await input.take(size);
    await input.take(CRLF.length);
    if (size === 0) return;
    yield chunk;
  }
}

/** Takes pieces of known size or ending off a socket. */
class Input {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#chunks = socket[Symbol.asyncIterator]();
  }

  async until(ending: string): Promise<string> {
    let end = this.#rest.indexOf(ending);
    while (end === -1) {
      await this.#more();
      end = this.#rest.indexOf(ending);
    }
    return (await this.take(end + ending.length)).toString();
  }

  async take(size: number): Promise<Buffer> {
    while (this.#rest.length < size) await this.#more();
    const taken = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    return taken;
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#chunks.next();
    if (done) throw new Error("the answer ended early");
    this.#rest = Buffer.concat([this.#rest, value]);
  }
}
