// Lets an official SDK client talk over a channel of ours.

import type { Transport } from "@modelcontextprotocol/client";
import type { Channel } from "../../lib/channel/channel.ts";
import { Envelope } from "../../lib/channel/envelope.ts";
import type { Message } from "../../lib/protocol/messages.ts";

type Spoken = Parameters<Transport["send"]>[0];

/** A transport of the SDK, as far as a client over stdio needs one. */
export class ChannelTransport implements Transport {
  readonly #channel: Channel;
  onmessage?: Transport["onmessage"];
  onclose?: () => void;
  onerror?: (error: Error) => void;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  start(): Promise<void> {
    void this.#listen();
    return Promise.resolve();
  }

  send(message: Spoken): Promise<void> {
    return this.#channel.send(Envelope.of(message as unknown as Message));
  }

  close(): Promise<void> {
    return this.#channel.close();
  }

  async #listen(): Promise<void> {
    try {
      for await (const envelope of this.#channel) {
        this.onmessage?.(envelope.message() as unknown as Spoken);
      }
    } catch (error) {
      this.onerror?.(error as Error);
    }
    this.onclose?.();
  }
}
