// What stands between the suite and a server: it gives each request a token, and each handshake the revision that is tested. The rest crosses byte for byte.

import { Buffer } from "node:buffer";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

/** What is changed on the way. */
export interface ForwarderOptions {
  /** The server: `http://127.0.0.1:PORT`, without a path. */
  readonly to: string;
  /** The value of the header `Authorization`; requests go without one when absent. */
  readonly authorization?: string;
  /** The revision that every `initialize` asks for: the suite asks for 2025-11-25 in each run of its own client. */
  readonly revision?: string;
}

/** A running forwarder; disposing of it breaks all its connections. */
export interface Forwarder extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, without a path. */
  readonly origin: string;
}

const END_OF_HEAD = "\r\n\r\n";
const ASKED_REVISION = /"protocolVersion":"\d{4}-\d{2}-\d{2}"/;

/** Starts one on a free port. */
export async function forward(options: ForwarderOptions): Promise<Forwarder> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const { hostname, port } = new URL(options.to);
    const target = connect(Number(port), hostname);
    join(client, target, new Requests(options));
    for (const socket of [client, target]) {
      open.add(socket);
      socket.once("close", () => open.delete(socket));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, "close");
    },
  };
}

/** When one side leaves, so does the other. */
function join(client: Socket, target: Socket, requests: Requests): void {
  for (const socket of [client, target]) {
    socket.setNoDelay();
    socket.on("error", () => {
      // It is followed by "close".
    });
  }
  client.once("close", () => target.destroy());
  target.once("close", () => client.destroy());
  client.on("data", (bytes: Buffer) => {
    for (const request of requests.read(bytes)) target.write(request);
  });
  target.pipe(client);
}

/** The requests of one connection (RFC 9112), whose bodies have a `Content-Length` or are not there. */
class Requests {
  readonly #options: ForwarderOptions;
  #unread: Buffer = Buffer.alloc(0);

  constructor(options: ForwarderOptions) {
    this.#options = options;
  }

  /** Takes what has come; gives the requests that are complete, changed. */
  *read(bytes: Buffer): Generator<Buffer> {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    for (;;) {
      const end = this.#unread.indexOf(END_OF_HEAD);
      if (end === -1) return;
      const start = end + END_OF_HEAD.length;
      const head = this.#unread.toString("latin1", 0, start);
      const whole = start + lengthIn(head);
      if (this.#unread.length < whole) return;
      const body = this.#unread.subarray(start, whole);
      this.#unread = this.#unread.subarray(whole);
      yield Buffer.concat([this.#head(head), this.#body(body)]);
    }
  }

  #head(head: string): Buffer {
    const { authorization } = this.#options;
    const field = authorization ? `\r\nAuthorization: ${authorization}` : "";
    // After the first line. A function, as the value may hold "$".
    return Buffer.from(head.replace("\r\n", () => `${field}\r\n`), "latin1");
  }

  /** Of the same length: revisions are dates. */
  #body(body: Buffer): Buffer {
    const { revision } = this.#options;
    const text = body.toString();
    if (!revision || !text.includes('"method":"initialize"')) return body;
    if (text.includes('"io.modelcontextprotocol/')) return body;
    return Buffer.from(
      text.replace(ASKED_REVISION, `"protocolVersion":"${revision}"`),
    );
  }
}

function lengthIn(head: string): number {
  if (/^transfer-encoding:/im.test(head)) {
    throw new Error("the forwarder takes no bodies in chunks");
  }
  return Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
}
