// The client of the fault suite that speaks HTTP+SSE.

import type { Socket } from "node:net";
import type { Message } from "../../lib/protocol/messages.ts";
import { EventReader } from "./event_reader.ts";
import { FaultClient } from "./fault_client.ts";
import { notification } from "./streamable_session.ts";
import type { Posting, Told } from "./fault_client.ts";

const EVENTS = { accept: "text/event-stream" };
const JSON_BODY = { "content-type": "application/json" };

/** Its session is its stream: it begins with the first request, and ends when the client leaves. */
export class SseFaultClient extends FaultClient {
  readonly #waiting = new Map<unknown, (answer: Message) => void>();
  #endpoint?: URL;

  async storm(times: number): Promise<void> {
    await Promise.all(Array.from({ length: times }, () => this.knock()));
  }

  end(): Promise<void> {
    return this[Symbol.asyncDispose]();
  }

  async statuses(): Promise<number[]> {
    const { status, body } = await this.say(
      JSON.stringify(notification("x/none")),
    );
    await body?.cancel();
    return [status];
  }

  protected async posting(): Promise<Posting> {
    return { url: this.#endpoint ??= await this.#open(), headers: JSON_BODY };
  }

  protected knocking(): Promise<Socket> {
    return this.send("GET", this.#url, EVENTS);
  }

  protected async request(message: Message): Promise<Told> {
    const answer = new Promise<Message>((resolve) => {
      this.#waiting.set(message.id, resolve);
    });
    const response = await this.post(message);
    const { status } = response;
    const text = await response.text();
    if (status !== 202) return { status, message: JSON.parse(text) };
    const over = this.streamEnd.then(() => undefined);
    const said = await Promise.race([answer, over]);
    return said ? { status, message: said } : { status: 0 };
  }

  get #url(): URL {
    return new URL(`${this.options.url}/${this.options.server}/sse`);
  }

  async #open(): Promise<URL> {
    const response = await this.fetch("GET", this.#url, EVENTS);
    const events = new EventReader(response);
    const first = await events.next();
    if (!first) throw new Error(`HTTP ${response.status}: there is no stream`);
    void this.listenTo(events, (message) => this.#hear(message));
    return new URL(first.data, this.#url);
  }

  #hear(message: Message): void {
    if (message.method !== undefined) return this.heard.add(message);
    this.#waiting.get(message.id)?.(message);
    this.#waiting.delete(message.id);
  }
}
