// A client of the initialize era in a session that the gateway makes of the exchanges of a server, which the test plays.

import assert from "node:assert/strict";
import type { Backend, OpenContext } from "../../lib/backend.ts";
import type { Envelope } from "../../lib/channel/envelope.ts";
import { modernBackendForLegacy } from "../../lib/eras/modern_backend_for_legacy/modern_backend_for_legacy.ts";
import { GatewayError } from "../../lib/errors.ts";
import type { Message, RequestId } from "../../lib/protocol/messages.ts";
import { PlayedServer } from "./filtered_client.ts";
import { logInto } from "./log_lines.ts";
import type { LogLine } from "./log_lines.ts";
import { openContext } from "./open_context.ts";
import { DISCOVERED } from "./puppets.ts";
import { Seen } from "./seen.ts";
import { Conversation } from "./shared_server.ts";

type Members = Readonly<Record<string, unknown>>;

/** What a client can be asked, all of it. */
export const ABLE = {
  elicitation: { form: {}, url: {} },
  sampling: {},
  roots: { listChanged: true },
};

/** What a server has, all of it. */
export const CAPABLE = {
  tools: { listChanged: true },
  prompts: {},
  resources: { subscribe: true },
  logging: {},
};

/** The server's end of one channel, with the headers that its client gave. */
export type Single = PlayedServer & Pick<OpenContext, "parameters">;

/** How a session begins. */
export interface BridgedOptions {
  readonly revision?: string;
  readonly capabilities?: Members;
  /** What the server answers to `server/discover`. */
  readonly discovered?: Members;
  readonly hasHeaders?: boolean;
  readonly requestMaxMs?: number;
}

/** Both ends of a session. */
export class BridgedWorld implements AsyncDisposable {
  readonly client: Conversation;
  readonly lines: LogLine[];
  /** The server's end of what most requests go over. */
  readonly server: PlayedServer;
  readonly #opened: Seen<Single>;

  private constructor(
    client: Conversation,
    opened: Seen<Single>,
    lines: LogLine[],
  ) {
    this.client = client;
    this.#opened = opened;
    this.server = opened.all[0] as PlayedServer;
    this.lines = lines;
  }

  /** Opens a session; nothing is said yet. */
  static async open(
    { hasHeaders = true, requestMaxMs = 20_000 }: BridgedOptions = {},
  ): Promise<BridgedWorld> {
    const lines: LogLine[] = [];
    const opened = new Seen<Single>(() => "an exchange");
    const modern: Backend = {
      name: "files",
      open: ({ parameters }: OpenContext) => {
        const server = new PlayedServer();
        opened.add(Object.assign(server, { parameters }));
        return Promise.resolve(server);
      },
    };
    const timeouts = { openMs: 20_000, requestMs: 20_000, requestMaxMs };
    const log = logInto(lines);
    const bridging = { log, timeouts, hasHeaders };
    const backend = modernBackendForLegacy(modern, bridging);
    const client = await Conversation.open(backend, openContext());
    return new BridgedWorld(client, opened, lines);
  }

  /** Opens a session and shakes hands. */
  static async begin(options: BridgedOptions = {}): Promise<BridgedWorld> {
    const world = await BridgedWorld.open(options);
    await world.initialize(options);
    const { id } = await world.server.hears();
    const discovered = {
      ...DISCOVERED,
      capabilities: {},
      ...options.discovered,
    };
    world.server.say({ id, result: discovered });
    assert.ok(!(await world.client.answer("init")).head.failed);
    return world;
  }

  async initialize(
    { revision = "2025-11-25", capabilities = ABLE }: BridgedOptions = {},
  ): Promise<void> {
    const clientInfo = { name: "test", version: "1" };
    await this.client.say({
      id: "init",
      method: "initialize",
      params: { protocolVersion: revision, capabilities, clientInfo },
    });
  }

  /** The server's end of the exchange of this number that has headers of its own, counted from 1, once it comes. */
  single(number: number): Promise<Single> {
    return this.#opened.until(
      `exchange ${number}`,
      (one) => this.#opened.all.indexOf(one) === number,
    );
  }

  /** Has the client call a tool; returns the request as the server gets it. */
  async call(id: RequestId, name = "t", more: Members = {}): Promise<Message> {
    const params = { name, ...more };
    await this.client.say({ id: id as string, method: "tools/call", params });
    return await this.server.hears();
  }

  /** Answers a request as one that asks for input. */
  ask(id: unknown, inputRequests?: Members, requestState?: string): void {
    const resultType = "input_required";
    const result = { resultType, inputRequests, requestState };
    this.server.say({ id: id as string, result });
  }

  /** The question of this number that the client is asked, counted from 1. */
  async question(number = 1): Promise<Envelope> {
    const isQuestion = ({ head }: Envelope) => head.kind === "request";
    const { heard } = this.client;
    return await heard.until(
      `question ${number}`,
      (one) =>
        isQuestion(one) &&
        heard.all.filter(isQuestion).indexOf(one) === number - 1,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.channel.close(new GatewayError("client_gone", "the end"));
  }
}
