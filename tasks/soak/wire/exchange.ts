// One HTTP/1.1 request and its answer on a socket of our own, which can be left or ignored at any moment.

import { Buffer } from "node:buffer";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { ConnectionBroken, SocketReader } from "./socket_reader.ts";

/** Where the gateway listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What is asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** Those without a value are not sent. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}

/** The beginning of an answer. */
export interface Head {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
}

const PIECE_BYTES = 64 * 1024;
const NO_BODY = [204, 304];

/** One exchange; its owner reads the answer to its end or leaves. */
export class Exchange {
  readonly #socket: Socket;
  readonly #reader: SocketReader;
  #head?: Head;
  #left = false;

  /** Asks on a new connection. */
  constructor(address: Address, asked: Asked) {
    this.#socket = connect(address);
    this.#socket.setNoDelay(true);
    this.#socket.on("error", () => {
      // Reading ends, which tells.
    });
    this.#reader = new SocketReader(this.#socket);
    this.#socket.write(textOf(address, asked));
  }

  /** Whether this side has left. */
  get left(): boolean {
    return this.#left;
  }

  /** Resolves once the connection is closed, by whichever side. */
  get closed(): Promise<void> {
    if (this.#socket.destroyed) return Promise.resolve();
    return new Promise((resolve) =>
      this.#socket.once("close", () => resolve())
    );
  }

  /** The status and headers. Throws `ConnectionBroken`. */
  async head(): Promise<Head> {
    if (this.#head) return this.#head;
    const first = await this.#reader.line();
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
    const headers = new Map<string, string>();
    for (;;) {
      const line = await this.#reader.line();
      if (line === "") break;
      const colon = line.indexOf(":");
      const name = line.slice(0, colon).toLowerCase();
      headers.set(name, line.slice(colon + 1).trim());
    }
    if (status >= 100 && status < 200) return await this.head();
    this.#head = { status, headers };
    return this.#head;
  }

  /** The body, in pieces. Throws `ConnectionBroken` when it ends too early. */
  async *body(): AsyncGenerator<Buffer> {
    const { status, headers } = await this.head();
    if (NO_BODY.includes(status)) return this.leave();
    const length = headers.get("content-length");
    if (headers.get("transfer-encoding") === "chunked") yield* this.#chunked();
    else yield* this.#counted(Number(length ?? 0));
    this.leave();
  }

  /** The whole body. */
  async text(): Promise<string> {
    const parts: Buffer[] = [];
    for await (const part of this.body()) parts.push(part);
    return Buffer.concat(parts).toString();
  }

  /** Drops the connection. */
  leave(): void {
    this.#left = true;
    this.#socket.destroy();
  }

  /** Drops the connection with a reset, as a machine that is switched off. */
  reset(): void {
    this.#left = true;
    this.#socket.resetAndDestroy();
  }

  async *#chunked(): AsyncGenerator<Buffer> {
    for (;;) {
      const size = parseInt(await this.#reader.line(), 16);
      if (Number.isNaN(size)) throw new ConnectionBroken("not a chunk");
      yield* this.#counted(size);
      await this.#reader.line();
      if (size === 0) return;
    }
  }

  async *#counted(length: number): AsyncGenerator<Buffer> {
    let left = length;
    while (left > 0) {
      const part = await this.#reader.some(Math.min(left, PIECE_BYTES));
      if (!part) throw new ConnectionBroken("the body ended too early");
      left -= part.length;
      yield part;
    }
  }
}

function textOf({ host, port }: Address, asked: Asked): string {
  const { method, path, body } = asked;
  const headers: Record<string, string | undefined> = {
    host: `${host}:${port}`,
    connection: "close",
    ...asked.headers,
  };
  if (body !== undefined) {
    headers["content-length"] ??= String(Buffer.byteLength(body));
  }
  const lines = Object.entries(headers).map(([name, value]) =>
    value === undefined ? "" : `${name}: ${value}\r\n`
  );
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body ?? ""}`;
}
