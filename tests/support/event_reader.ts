// Reads the server-sent events of one response, one at a time, as a client would.

import type { Message } from "../../lib/protocol/messages.ts";

/** One event as it stood on the wire. */
export interface ReceivedEvent {
  readonly event?: string;
  readonly id?: string;
  readonly retry?: string;
  readonly data: string;
}

/** The events of a response; comments are skipped. */
export class EventReader {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";
  #searched = 0;

  constructor(response: Response) {
    if (!response.body) throw new Error("the response has no body");
    const text = response.body.pipeThrough(
      new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>,
    );
    this.#reader = text.getReader();
  }

  /** The next event, or `undefined` at the end of the stream. */
  async next(): Promise<ReceivedEvent | undefined> {
    for (;;) {
      const end = this.#text.indexOf("\n\n", this.#searched);
      if (end === -1) {
        // Only what comes next is looked at: a large event is not read over again for each piece of it.
        this.#searched = Math.max(0, this.#text.length - 1);
        const { done, value } = await this.#reader.read();
        if (done) return undefined;
        this.#text += value;
        continue;
      }
      this.#searched = 0;
      const block = this.#text.slice(0, end);
      this.#text = this.#text.slice(end + 2);
      const event = parse(block);
      if (event) return event;
    }
  }

  /** The next event as a message; fails at the end of the stream and skips events without data. */
  async message(): Promise<Message> {
    for (;;) {
      const event = await this.next();
      if (!event) throw new Error("the stream ended before the next message");
      if (event.data !== "") return JSON.parse(event.data);
    }
  }

  /** All messages to the end of the stream. */
  async rest(): Promise<Message[]> {
    const messages: Message[] = [];
    for (let next = await this.next(); next; next = await this.next()) {
      if (next.data !== "") messages.push(JSON.parse(next.data));
    }
    return messages;
  }

  /** Leaves the stream, as a client that goes away. */
  async leave(): Promise<void> {
    await this.#reader.cancel();
  }
}

function parse(block: string): ReceivedEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) {
      fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
    }
  }
  const data = fields.get("data");
  if (data === undefined) return undefined;
  const field = (name: string) => fields.get(name);
  return {
    event: field("event"),
    id: field("id"),
    retry: field("retry"),
    data,
  };
}
