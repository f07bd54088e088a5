// The client of the fault suite that speaks Streamable HTTP.

import type { Socket } from "node:net";
import type { Message } from "../../lib/protocol/messages.ts";
import { EventReader } from "./event_reader.ts";
import { answerOn } from "./fault_socket.ts";
import { FaultClient } from "./fault_client.ts";
import type { Posting, Told } from "./fault_client.ts";
import { initialize, notification } from "./streamable_session.ts";

const SESSION_ID = "mcp-session-id";
const EVENTS = { accept: "text/event-stream" };
const POSTING = {
  accept: "application/json, text/event-stream",
  "content-type": "application/json",
};

/** It opens a GET stream as soon as it has a session. */
export class StreamableFaultClient extends FaultClient {
  #session: Record<string, string> = {};

  override get session(): string | undefined {
    return this.#session[SESSION_ID];
  }

  override async initialize(): Promise<Told> {
    const told = await super.initialize();
    if (this.session !== undefined) await this.listen();
    return told;
  }

  async storm(times: number): Promise<void> {
    const drop = async () => {
      if (this.session === undefined) return await this.knock();
      (await this.#get()).destroy();
    };
    await Promise.all(Array.from({ length: times }, drop));
  }

  async end(): Promise<void> {
    if (this.session !== undefined) {
      const ended = await this.fetch("DELETE", this.#url, this.#session);
      await ended.text();
    }
    await this[Symbol.asyncDispose]();
  }

  async statuses(): Promise<number[]> {
    const answers = [
      await this.say(JSON.stringify(notification("x/none"))),
      await answerOn(await this.#get()),
      await this.fetch("DELETE", this.#url, this.#session),
    ];
    await Promise.all(answers.map(({ body }) => body?.cancel()));
    return answers.map(({ status }) => status);
  }

  /** Opens a GET stream. */
  async listen(): Promise<void> {
    const response = await answerOn(await this.#get());
    if (!response.ok) throw new Error(`GET: HTTP ${response.status}`);
    const events = new EventReader(response);
    void this.listenTo(events, (message) => this.heard.add(message));
  }

  protected posting(): Promise<Posting> {
    const { accept = POSTING.accept } = this.options;
    const headers = { ...POSTING, accept, ...this.#session };
    return Promise.resolve({ url: this.#url, headers });
  }

  protected knocking(): Promise<Socket> {
    const body = JSON.stringify(initialize());
    const length = String(2 * body.length);
    const headers = { ...POSTING, "content-length": length };
    return this.send("POST", this.#url, headers, body);
  }

  protected async request(message: Message): Promise<Told> {
    const response = await this.post(message);
    const { status, headers } = response;
    const session = headers.get(SESSION_ID);
    if (session !== null) this.#session = { [SESSION_ID]: session };
    if (headers.get("content-type") !== "text/event-stream") {
      return { status, message: JSON.parse(await response.text()) };
    }
    let answer: Message | undefined;
    for await (const said of this.messages(new EventReader(response))) {
      if (said.method === undefined) answer = said;
      else this.heard.add(said);
    }
    return answer ? { status, message: answer } : { status: 0 };
  }

  get #url(): URL {
    return new URL(`${this.options.url}/${this.options.server}/mcp`);
  }

  #get(): Promise<Socket> {
    const headers = { ...EVENTS, ...this.#session };
    return this.send("GET", this.#url, headers);
  }
}
