// A channel without a transport: the test plays the peer.

import type { Channel } from "../../lib/channel/channel.ts";
import { Envelope } from "../../lib/channel/envelope.ts";
import { Queue } from "../../lib/channel/queue.ts";
import { GatewayError } from "../../lib/errors.ts";
import type { Message } from "../../lib/protocol/messages.ts";

/** What the peer hears and says is in the hands of the test. */
export class MemoryChannel implements Channel {
  readonly #said = new Queue<Envelope>(10_000);
  readonly #heard = new Queue<Message>(10_000);
  closedWith: Error | undefined;
  closed = false;

  /** The peer says something. */
  say(message: Omit<Message, "jsonrpc">): void {
    this.#said.push(Envelope.of({ jsonrpc: "2.0", ...message }));
  }

  /** The peer leaves, or the connection breaks with `reason`. */
  leave(reason?: Error): void {
    this.#said.end(reason);
  }

  /** The next message that reaches the peer; `undefined` when there will be none. */
  async hear(): Promise<Message | undefined> {
    return (await this.#heard.next()).value;
  }

  send(envelope: Envelope): Promise<void> {
    if (this.closed) {
      return Promise.reject(new GatewayError("client_gone", "closed"));
    }
    this.#heard.push(envelope.message());
    return Promise.resolve();
  }

  close(reason?: Error): Promise<void> {
    this.closed = true;
    this.closedWith ??= reason;
    this.#said.drop();
    this.#heard.end();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return this.#said[Symbol.asyncIterator]();
  }
}
