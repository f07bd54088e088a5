// A kept HTTP/1.1 connection: one request after the other, at the least cost a client can have.

import { Buffer } from "node:buffer";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { HttpReader } from "./http_reader.ts";
import type { AnswerHead } from "./http_reader.ts";

/** Where requests go, and with what. */
export interface Target {
  /** With the path of the transport. */
  readonly url: URL;
  readonly token: string;
}

/** One answer. */
export interface HttpAnswer extends AnswerHead {
  readonly body: Buffer;
}

/** Told of the body of an answer that has no end. */
export type OnPiece = (bytes: Buffer) => void;

/** A connection; whoever opens it closes it. */
export class Connection {
  readonly #socket: Socket;
  readonly #target: Target;
  #pieces: Buffer[] = [];
  #head: AnswerHead | undefined;
  #waiting: PromiseWithResolvers<HttpAnswer> | undefined;
  #onPiece: OnPiece | undefined;

  private constructor(socket: Socket, target: Target) {
    this.#socket = socket;
    this.#target = target;
    const reader = new HttpReader({
      head: (head) => this.#begins(head),
      piece: (bytes) => this.#onPiece?.(bytes) ?? this.#pieces.push(bytes),
      end: () => this.#ends(),
    });
    socket.on("data", (bytes: Buffer) => reader.push(bytes));
    socket.on("error", (error) => this.#waiting?.reject(error));
    socket.on("close", () => {
      this.#waiting?.reject(new Error("the connection was closed"));
    });
  }

  /** Connects. */
  static async open(target: Target): Promise<Connection> {
    const { port, hostname } = target.url;
    const socket = connect({ port: Number(port), host: hostname });
    socket.setNoDelay(true);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return new Connection(socket, target);
  }

  /** Sends a request and reads its answer to the end. */
  ask(
    method: string,
    fields: string,
    body = "",
    path = this.#target.url.pathname + this.#target.url.search,
  ): Promise<HttpAnswer> {
    if (this.#socket.destroyed) {
      return Promise.reject(new Error("the connection was closed"));
    }
    const waiting = Promise.withResolvers<HttpAnswer>();
    this.#waiting = waiting;
    const { url, token } = this.#target;
    const length = method === "POST"
      ? `content-length: ${Buffer.byteLength(body)}\r\n`
      : "";
    this.#socket.write(
      `${method} ${path} HTTP/1.1\r\nhost: ${url.host}\r\n` +
        `authorization: Bearer ${token}\r\n${fields}${length}\r\n${body}`,
    );
    return waiting.promise;
  }

  /** Sends a request whose answer is a stream; resolves with its head, and hands on what comes. */
  async listen(fields: string, onPiece: OnPiece): Promise<AnswerHead> {
    this.#onPiece = (bytes) => {
      onPiece(bytes);
      return 0;
    };
    return await this.ask("GET", fields);
  }

  /** Closes it. */
  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #begins(head: AnswerHead): void {
    this.#head = head;
    if (this.#onPiece) {
      this.#waiting?.resolve({ ...head, body: Buffer.alloc(0) });
      this.#waiting = undefined;
    }
  }

  #ends(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    const pieces = this.#pieces;
    this.#pieces = [];
    const [first] = pieces;
    const body = pieces.length === 1 && first ? first : Buffer.concat(pieces);
    if (this.#head) waiting?.resolve({ ...this.#head, body });
  }
}
