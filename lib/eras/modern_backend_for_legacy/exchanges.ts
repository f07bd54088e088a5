// The requests of one session at a server of the modern era: most over one channel, those with headers of their own over one each.

import type { Backend, OpenContext } from "../../backend.ts";
import type { Channel } from "../../channel/channel.ts";
import { Envelope } from "../../channel/envelope.ts";
import { asGatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import { idKey } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/messages.ts";

/** Takes what the server says; a promise where that has to be waited for. */
export type Hear = (envelope: Envelope) => Promise<unknown> | undefined;

/** Whoever opens it closes it. */
export class Exchanges {
  readonly #modern: Backend;
  readonly #context: OpenContext;
  readonly #hear: Hear;
  readonly #main: Channel;
  /** The channels of requests with headers of their own, by the keys of these. */
  readonly #single = new Map<string, Channel | undefined>();
  readonly #work = new Set<Promise<void>>();

  private constructor(
    modern: Backend,
    context: OpenContext,
    main: Channel,
    hear: Hear,
  ) {
    this.#modern = modern;
    this.#context = context;
    this.#main = main;
    this.#hear = hear;
  }

  static async open(
    modern: Backend,
    context: OpenContext,
    hear: Hear,
  ): Promise<Exchanges> {
    const main = await modern.open(context);
    return new Exchanges(modern, context, main, hear);
  }

  /** Runs until the server leaves. Throws why it broke. */
  async run(): Promise<void> {
    await this.#read(this.#main);
  }

  /** Sends a message; a request is answered, if need be with an error. Never rejects. */
  async send(
    message: Envelope,
    headers?: ReadonlyMap<string, string>,
  ): Promise<void> {
    if (headers) return this.#sendSingly(message, headers);
    try {
      await this.#main.send(message);
    } catch (error) {
      this.#failed(message, error);
    }
  }

  /** The server is not to go on with a request. */
  cancel(requestId: RequestId): void {
    const key = idKey(requestId);
    if (!this.#single.has(key)) {
      const method = METHODS.cancelled;
      const params = { requestId };
      return void this.send(Envelope.of({ jsonrpc: "2.0", method, params }));
    }
    const channel = this.#single.get(key);
    this.#single.delete(key);
    void channel?.close();
  }

  /** Resolves when nothing is left. */
  async close(reason?: Error): Promise<void> {
    const channels = [this.#main, ...this.#single.values()];
    this.#single.clear();
    await Promise.all(channels.map((channel) => channel?.close(reason)));
    await Promise.all(this.#work);
  }

  #sendSingly(
    request: Envelope,
    headers: ReadonlyMap<string, string>,
  ): void {
    const key = idKey(request.head.id as RequestId);
    this.#single.set(key, undefined);
    const work = this.#converse(key, request, headers)
      .catch((error) => this.#failed(request, error))
      .finally(() => {
        this.#single.delete(key);
        this.#work.delete(work);
      });
    this.#work.add(work);
  }

  async #converse(
    key: string,
    request: Envelope,
    parameters: ReadonlyMap<string, string>,
  ): Promise<void> {
    const channel = await this.#modern.open({ ...this.#context, parameters });
    try {
      // It may have been cancelled meanwhile.
      if (!this.#single.has(key)) return;
      this.#single.set(key, channel);
      await channel.send(request);
      await this.#read(channel, request.head.id as RequestId);
    } finally {
      await channel.close();
    }
  }

  /** Reads to the end, or to the answer to one request. */
  async #read(channel: Channel, only?: RequestId): Promise<void> {
    for await (const envelope of channel) {
      const room = this.#hear(envelope);
      if (room) await room;
      const { kind, id } = envelope.head;
      if (only !== undefined && kind === "response" && id === only) return;
    }
  }

  #failed({ head: { kind, id } }: Envelope, error: unknown): void {
    if (kind !== "request") return;
    const failure = Envelope.failure(id as RequestId, asGatewayError(error));
    void this.#hear(failure);
  }
}
