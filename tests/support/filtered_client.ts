// A client of a filtered backend whose server the test plays.

import { filtered } from "../../lib/backends/filtered.ts";
import type { ListingBounds } from "../../lib/backends/own_listing.ts";
import type { OpenContext } from "../../lib/backend.ts";
import type { Channel } from "../../lib/channel/channel.ts";
import { Envelope } from "../../lib/channel/envelope.ts";
import type { Relation } from "../../lib/channel/envelope.ts";
import { Pipe } from "../../lib/channel/pipe.ts";
import { GatewayError } from "../../lib/errors.ts";
import type { Message } from "../../lib/protocol/messages.ts";
import { BackendClient } from "./backend_client.ts";
import { logInto } from "./log_lines.ts";
import type { LogLine } from "./log_lines.ts";

type Said = Omit<Message, "jsonrpc"> | string;

/** A server that hears and says envelopes, byte for byte. */
export class PlayedServer implements Channel {
  readonly #said = new Pipe<Envelope>(10_000, () => 1);
  readonly #heard = new Pipe<Envelope>(10_000, () => 1);
  #isClosed = false;

  /** Says a message, or the bytes of one. */
  say(message: Said | Uint8Array, relatesTo?: Relation): void {
    const bytes = message instanceof Uint8Array ? message : bytesOf(message);
    this.#said.offer(Envelope.skim(bytes, relatesTo));
  }

  /** What whoever stands before it answers in its place. */
  tell(envelope: Envelope): void {
    this.#said.offer(envelope);
  }

  /** Leaves, or breaks the connection with `reason`. */
  leave(reason?: Error): void {
    this.#said.end(reason);
  }

  /** The text of the next message that reaches it; what the gateway itself asks is among them. */
  async hear(): Promise<string> {
    const { value } = await this.#heard.next();
    if (!value) throw new Error("the server hears nothing more");
    return textOf(value);
  }

  /** The texts of all that reach it until the channel is closed. */
  async *heard(): AsyncGenerator<string> {
    for await (const envelope of this.#heard) yield textOf(envelope);
  }

  /** The next message that reaches it, parsed. */
  async hears(): Promise<Message> {
    return JSON.parse(await this.hear());
  }

  send(envelope: Envelope): Promise<void> {
    if (this.#isClosed) {
      return Promise.reject(new GatewayError("backend_unavailable", "closed"));
    }
    this.#heard.offer(envelope);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#isClosed = true;
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

/** Opens the filtered backend "files". */
export async function openFiltered(
  context: OpenContext,
  bounds?: ListingBounds,
) {
  const server = new PlayedServer();
  const lines: LogLine[] = [];
  const inner = { name: "files", open: () => Promise.resolve(server) };
  const backend = filtered(inner, logInto(lines), bounds);
  const channel = await backend.open(context);
  const client = new BackendClient(channel);
  const say = (message: Said) => channel.send(Envelope.read(bytesOf(message)));
  /** Asks, and returns the answer that comes next. */
  const ask = async (id: number, method: string, params: unknown = {}) => {
    await say(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    return (await client.next()).message();
  };
  return { server, client, channel, lines, say, ask, context };
}

/** The text of an envelope. */
export function textOf({ bytes }: Envelope): string {
  return new TextDecoder().decode(bytes);
}

function bytesOf(message: Said): Uint8Array {
  const text = typeof message === "string"
    ? message
    : JSON.stringify({ jsonrpc: "2.0", ...message });
  return new TextEncoder().encode(text);
}
