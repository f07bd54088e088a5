// A backend over stdio whose children are played by a test, each life of it by a puppet of its own.

import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Message } from "../../lib/protocol/messages.ts";
import type { StdioOptions } from "../../lib/transports/backend/stdio_options.ts";
import { Seen } from "./seen.ts";

const PUPPET = fileURLToPath(new URL("puppet.mjs", import.meta.url).href);

/** A message as it came. */
export interface Line {
  readonly text: string;
  readonly message: Message;
}

/** What a puppet says of itself unless a test says otherwise. */
export const HELLO = {
  protocolVersion: "2025-11-25",
  capabilities: {},
  serverInfo: { name: "puppet", version: "1" },
};

/** The same for one of the modern era. */
export const DISCOVERED = {
  resultType: "complete",
  supportedVersions: ["2026-07-28"],
  capabilities: {},
  ttlMs: 0,
  cacheScope: "private",
};

/** One child, whose every word a test decides. */
export class Puppet {
  readonly heard = new Seen<Line>(({ text }) => text);
  /** Resolves when the child is gone. */
  readonly gone: Promise<void>;
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.gone = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => {
      // The child was killed: `close` follows.
    });
    createInterface(socket).on("line", (text) => {
      this.heard.add({ text, message: JSON.parse(text) });
    });
  }

  /** The methods it has heard; the ids of answers. */
  get methods(): unknown[] {
    return this.heard.all.map(({ message }) => message.method ?? message.id);
  }

  /** The request or notification of this number with this method, counted from 1, once it comes. */
  told(method: string, number = 1): Promise<Line> {
    const isWanted = ({ message }: Line) => message.method === method;
    return this.heard.until(
      `message ${number} ${method}`,
      (line) =>
        isWanted(line) &&
        this.heard.all.filter(isWanted).indexOf(line) === number - 1,
    );
  }

  /** The answer to its own request, once it comes. */
  answered(id: string | number): Promise<Line> {
    return this.heard.until(
      `an answer to ${id}`,
      ({ message }) => message.method === undefined && message.id === id,
    );
  }

  say(message: Omit<Message, "jsonrpc"> | string): void {
    const text = typeof message === "string"
      ? message
      : JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#socket.write(`${text}\n`);
  }

  /** Answers the request of this number with this method, once it comes. */
  async answer(
    method: string,
    result: unknown = {},
    number = 1,
  ): Promise<void> {
    const { message: { id } } = await this.told(method, number);
    this.say({ id, result });
  }

  /** Shakes hands. */
  async hello(over: Partial<typeof HELLO> = {}): Promise<void> {
    await this.answer("initialize", { ...HELLO, ...over });
  }

  /** Answers `server/discover` as a server of the modern era. */
  async discover(over: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.answer("server/discover", { ...DISCOVERED, ...over });
  }

  /** Ends with exit code 0. */
  leave(): void {
    this.#socket.destroy();
  }
}

/** Waits for the children that a test has a backend start. */
export class Puppets implements AsyncDisposable {
  readonly #server: Server;
  readonly #lives = new Seen<Puppet>(() => "a child");

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => this.#lives.add(new Puppet(socket)));
  }

  static async start(): Promise<Puppets> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Puppets(server);
  }

  /** How to start one. */
  get options(): StdioOptions {
    const { port } = this.#server.address() as AddressInfo;
    return {
      command: "node",
      args: [PUPPET, String(port)],
      env: { PATH: process.env.PATH ?? "" },
      cwd: process.cwd(),
    };
  }

  /** Their entry in `mcpServers`. */
  get entry(): Readonly<Record<string, unknown>> {
    const { command, args } = this.options;
    return { command, args };
  }

  /** How many were started. */
  get count(): number {
    return this.#lives.all.length;
  }

  /** The child of this number, counted from 1, once it is started. */
  life(number: number): Promise<Puppet> {
    return this.#lives.until(
      `child ${number}`,
      (puppet) => this.#lives.all.indexOf(puppet) === number - 1,
    );
  }

  /** The child of this number, which refuses to be of the modern era, so that another has the conversation: returns that. */
  async legacy(number: number): Promise<Puppet> {
    const asked = await this.life(number);
    const { message: { id } } = await asked.told("server/discover");
    asked.say({ id, error: { code: -32601, message: "Method not found" } });
    const server = await this.life(number + 1);
    await server.hello();
    return server;
  }

  /** The child of this number, which is of the modern era. */
  async modern(number: number): Promise<Puppet> {
    const server = await this.life(number);
    for (const count of [1, 2]) {
      await server.answer("server/discover", DISCOVERED, count);
    }
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const life of this.#lives.all) life.leave();
    this.#server.close();
    await once(this.#server, "close");
  }
}
