// A server that the gateway makes one of the modern era without announcing it: whoever asks is told of its sessions.

import type { Backend, OpenContext } from "../backend.ts";
import type { Channel } from "../channel/channel.ts";
import { Envelope } from "../channel/envelope.ts";
import { Pipe } from "../channel/pipe.ts";
import { inherited } from "../backends/inherited.ts";
import { asGatewayError } from "../errors.ts";
import { METHODS } from "../protocol/methods.ts";
import type { RequestId } from "../protocol/messages.ts";
import { legacyOnly } from "./legacy_only.ts";

/** What waits for the consumer in front of the inner channel's own buffer, in bytes: one message. */
const LOOKAHEAD_BYTES = 1;

/** Wraps a backend of the modern era: `server/discover` alone is answered as a server of the initialize era answers it. */
export function undiscovered(inner: Backend): Backend {
  const { name } = inner;
  return {
    name,
    ...inherited(inner),
    open: async (context) =>
      new UndiscoveredChannel(await inner.open(context), context),
  };
}

class UndiscoveredChannel implements Channel {
  readonly #inner: Channel;
  readonly #out: Pipe<Envelope>;
  readonly #reading: Promise<void>;

  constructor(inner: Channel, { memory }: OpenContext) {
    this.#inner = inner;
    this.#out = new Pipe(LOOKAHEAD_BYTES, ({ bytes }) => bytes.length, memory);
    this.#reading = this.#read();
  }

  send(envelope: Envelope): Promise<void> {
    const { kind, id, method } = envelope.head;
    if (kind !== "request" || method !== METHODS.discover) {
      return this.#inner.send(envelope);
    }
    const answer = Envelope.failure(id as RequestId, legacyOnly());
    void this.#out.put(answer.relating(id));
    return Promise.resolve();
  }

  async close(reason?: Error): Promise<void> {
    this.#out.drop();
    await this.#inner.close(reason);
    await this.#reading;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return this.#out[Symbol.asyncIterator]();
  }

  async #read(): Promise<void> {
    try {
      for await (const envelope of this.#inner) await this.#out.put(envelope);
      this.#out.end();
    } catch (error) {
      this.#out.end(asGatewayError(error));
    }
  }
}
