// The gateway's side of a conversation with a backend, in the hands of a test.

import assert from "node:assert/strict";
import type { Backend } from "../../lib/backend.ts";
import type { Channel } from "../../lib/channel/channel.ts";
import { Envelope } from "../../lib/channel/envelope.ts";
import type { Message } from "../../lib/protocol/messages.ts";
import { openContext } from "./open_context.ts";

/** A channel with one reader, who knows what is wanted. */
export class BackendClient implements AsyncDisposable {
  readonly channel: Channel;
  readonly #messages: AsyncIterator<Envelope>;

  constructor(channel: Channel) {
    this.channel = channel;
    this.#messages = channel[Symbol.asyncIterator]();
  }

  /** Opens a channel. */
  static async open(backend: Backend): Promise<BackendClient> {
    return new BackendClient(await backend.open(openContext()));
  }

  /** Opens a channel and shakes hands; `extra` members go into the parameters. */
  static async begin(backend: Backend): Promise<BackendClient> {
    const client = await BackendClient.open(backend);
    await client.initialize();
    assert.ok("result" in (await client.next()).message());
    await client.send({ method: "notifications/initialized" });
    return client;
  }

  initialize(): Promise<void> {
    return this.send({
      id: "init",
      method: "initialize",
      params: {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "test", version: "1" },
      },
    });
  }

  send(message: Omit<Message, "jsonrpc">): Promise<void> {
    return this.channel.send(Envelope.of({ jsonrpc: "2.0", ...message }));
  }

  /** The next message; fails when the channel has ended. */
  async next(): Promise<Envelope> {
    const { done, value } = await this.#messages.next();
    assert.ok(!done, "the channel has ended");
    return value;
  }

  /** Sends a request and returns the next message, which must be its answer. */
  async ask(method: string, id: string | number = method): Promise<Message> {
    await this.send({ id, method });
    const answer = await this.next();
    assert.equal(answer.head.id, id);
    return answer.message();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.channel.close();
  }
}
