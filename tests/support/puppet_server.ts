// An MCP server over stdio whose every word a test decides: the gateway's child hands its pipes to the test.

import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Message } from "../../lib/protocol/messages.ts";
import { Seen } from "./seen.ts";

const PUPPET = fileURLToPath(new URL("puppet.mjs", import.meta.url).href);

/** Waits for the one child that a test has the gateway start. */
export class PuppetServer implements AsyncDisposable {
  /** Resolves when the child is gone. */
  readonly gone: Promise<void>;
  readonly #server: Server;
  readonly #heard = new Seen<Message>((message) => JSON.stringify(message));
  readonly #gone = Promise.withResolvers<void>();
  #socket?: Socket;

  private constructor(server: Server) {
    this.#server = server;
    this.gone = this.#gone.promise;
    server.on("connection", (socket) => this.#attach(socket));
  }

  static async start(): Promise<PuppetServer> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new PuppetServer(server);
  }

  /** Its entry in `mcpServers`. */
  get entry(): Record<string, unknown> {
    const { port } = this.#server.address() as AddressInfo;
    return { command: "node", args: [PUPPET, String(port)] };
  }

  /** The first request with this method, once it comes. */
  asked(method: string): Promise<Message> {
    return this.#heard.until(
      `request ${method}`,
      (message) => message.method === method,
    );
  }

  /** Answers the request of this method, once it comes. */
  async answer(method: string, result: unknown): Promise<void> {
    const { id } = await this.asked(method);
    this.#socket?.write(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);
  }

  /** Answers `initialize`, once it comes. */
  async hello(): Promise<void> {
    await this.answer("initialize", {
      protocolVersion: "2025-11-25",
      capabilities: {},
      serverInfo: { name: "puppet", version: "1" },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket?.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #attach(socket: Socket): void {
    this.#socket = socket;
    socket.on("error", () => {
      // The child was killed: `close` follows.
    });
    socket.once("close", () => this.#gone.resolve());
    createInterface(socket).on("line", (line) => {
      this.#heard.add(JSON.parse(line));
    });
  }
}
