// The client of the fault suite that is of the modern era: exchanges, which begin nothing and leave nothing.

import type { Socket } from "node:net";
import type { Message } from "../../lib/protocol/messages.ts";
import { LATEST_MODERN_REVISION } from "../../lib/protocol/versions.ts";
import { META } from "../../lib/protocol/meta.ts";
import { METHODS } from "../../lib/protocol/methods.ts";
import { EventReader } from "./event_reader.ts";
import { modernHeaders, modernRequest } from "./exchange_client.ts";
import { CLIENT_NAME, FaultClient } from "./fault_client.ts";
import type { Posting, Told } from "./fault_client.ts";

const POSTING = {
  accept: "application/json, text/event-stream",
  "content-type": "application/json",
  "mcp-protocol-version": LATEST_MODERN_REVISION,
};
const ACCEPTED = 202;

/** What a client listens to: all that the fault server tells of by itself. */
const LISTENING = {
  id: "listening",
  method: METHODS.listen,
  params: { notifications: { toolsListChanged: true } },
} as const;

/** What its token has with a server is kept by the gateway: it has no session itself. It listens as soon as it knows of the server. */
export class ModernFaultClient extends FaultClient {
  override readonly aside = "notifications/tools/list_changed";
  #listens = false;

  /** Asks what the server is, and listens to it. */
  override async initialize(): Promise<Told> {
    const told = await this.ask(METHODS.discover, {});
    if (told.message && "result" in told.message) await this.listen();
    return told;
  }

  /** Opens a stream for what belongs to no call; resolves when it is acknowledged. */
  async listen(): Promise<void> {
    this.#listens = true;
    const message = this.#described(LISTENING);
    const response = await this.say(
      JSON.stringify(message),
      modernHeaders(message),
    );
    const acknowledged = Promise.withResolvers<void>();
    void this.listenTo(new EventReader(response), (said) => {
      if (said.method === METHODS.acknowledged) acknowledged.resolve();
      else if (said.method !== undefined) this.heard.add(said);
    });
    await Promise.race([acknowledged.promise, this.streamEnd]);
  }

  /** Servers hear of no notification: a call of a tool with its name stands for it. */
  override async notify(
    method: string,
    params: Record<string, unknown> = {},
  ): Promise<number> {
    const told = await this.ask("tools/call", {
      name: method,
      arguments: params,
    });
    return told.message?.result ? ACCEPTED : told.status;
  }

  async storm(times: number): Promise<void> {
    const drop = async () => {
      if (!this.#listens) return await this.knock();
      const message = this.#described(LISTENING);
      const headers = { ...POSTING, ...modernHeaders(message) };
      const text = JSON.stringify(message);
      (await this.send("POST", this.#url, headers, text)).destroy();
    };
    await Promise.all(Array.from({ length: times }, drop));
  }

  end(): Promise<void> {
    return this[Symbol.asyncDispose]();
  }

  statuses(): Promise<number[]> {
    return Promise.resolve([]);
  }

  protected posting(): Promise<Posting> {
    return Promise.resolve({ url: this.#url, headers: POSTING });
  }

  protected knocking(): Promise<Socket> {
    const message = this.#described({ method: METHODS.discover, params: {} });
    const body = JSON.stringify(message);
    const length = String(2 * body.length);
    const headers = {
      ...POSTING,
      ...modernHeaders(message),
      "content-length": length,
    };
    return this.send("POST", this.#url, headers, body);
  }

  protected async request(message: Message): Promise<Told> {
    const described = this.#described(message);
    const headers = modernHeaders(described);
    const response = await this.say(JSON.stringify(described), headers);
    const { status } = response;
    if (response.headers.get("content-type") !== "text/event-stream") {
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

  #described({ id, method = "", params = {} }: Partial<Message>): Message {
    const { _meta, ...others } = params;
    const name = this.options.name ?? CLIENT_NAME;
    const meta = {
      ..._meta as object,
      [META.clientInfo]: { name, version: "1" },
    };
    return modernRequest(method, others, { id: id ?? 0, meta });
  }
}
