// A session at the root whose servers are played by the test, without transports between.

import type { Backend, OpenContext } from "../../lib/backend.ts";
import { DEFAULT_NAMING } from "../../lib/backends/aggregate/naming.ts";
import type { NamingOptions } from "../../lib/backends/aggregate/naming.ts";
import { aggregate } from "../../lib/backends/aggregate/aggregate.ts";
import { Roster } from "../../lib/backends/roster.ts";
import type { Channel } from "../../lib/channel/channel.ts";
import type { Message } from "../../lib/protocol/messages.ts";
import { BackendClient } from "./backend_client.ts";
import { logInto } from "./log_lines.ts";
import type { LogLine } from "./log_lines.ts";
import { MemoryChannel } from "./memory_channel.ts";
import { openContext } from "./open_context.ts";

/** What a server answers. */
export type Reply = Pick<Message, "result" | "error">;

/** One server, whose conversations come one after the other. */
export class PlayedServer {
  readonly name: string;
  #channel = new MemoryChannel();
  #opened = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** How often it was opened. */
  get opened(): number {
    return this.#opened;
  }

  get backend(): Backend {
    return { name: this.name, open: () => this.#open() };
  }

  /** The next message that reaches it. */
  async hear(): Promise<Message> {
    return await this.#channel.hear() as Message;
  }

  say(message: Omit<Message, "jsonrpc">): void {
    this.#channel.say(message);
  }

  /** Reads nothing more, without leaving. */
  stopReading(): void {
    this.#channel.send = () => new Promise<void>(() => {});
  }

  /** Breaks the conversation; the next opening begins another. */
  leave(reason?: Error): void {
    const channel = this.#channel;
    this.#channel = new MemoryChannel();
    channel.leave(reason);
  }

  /** From now on answers each request with what `reply` has for it, and notes all methods; `undefined` is no answer. */
  serve(reply: (message: Message) => Reply | undefined): string[] {
    const heard: string[] = [];
    const work = async () => {
      for (;;) {
        const message = await this.hear() as Message | undefined;
        if (!message) return;
        heard.push(message.method ?? "an answer");
        const said = message.id === undefined ? undefined : reply(message);
        if (said) this.say({ id: message.id, ...said });
      }
    };
    void work();
    return heard;
  }

  /** Answers the next message, which must be a request of this method. */
  async answer(method: string, result: unknown): Promise<Message> {
    const request = await this.hear();
    if (request.method !== method) {
      throw new Error(`heard ${JSON.stringify(request)}, wanted ${method}`);
    }
    this.say({ id: request.id, result });
    return request;
  }

  /** Shakes hands with these capabilities; `notifications/initialized` is not waited for. */
  hello(capabilities: Record<string, unknown> = { tools: {} }) {
    return this.answer("initialize", {
      protocolVersion: "2025-11-25",
      capabilities,
      serverInfo: { name: this.name, version: "1" },
    });
  }

  #open(): Promise<Channel> {
    this.#opened++;
    return Promise.resolve(this.#channel);
  }
}

/** A session with its servers. */
export interface RootFixture extends AsyncDisposable {
  readonly client: BackendClient;
  readonly servers: readonly PlayedServer[];
  readonly roster: Roster;
  readonly log: readonly LogLine[];
}

/** Opens a session that reaches servers of these names. */
export async function openRoot(
  names: readonly string[],
  naming: NamingOptions = DEFAULT_NAMING,
  context: OpenContext = openContext(),
): Promise<RootFixture> {
  const log: LogLine[] = [];
  const servers = names.map((name) => new PlayedServer(name));
  const roster = new Roster(servers.map(({ backend }) => backend));
  const backend = aggregate(roster, { naming, title: "Test" }, logInto(log));
  const client = new BackendClient(await backend.open(context));
  const dispose = () => client[Symbol.asyncDispose]();
  return { client, servers, roster, log, [Symbol.asyncDispose]: dispose };
}
