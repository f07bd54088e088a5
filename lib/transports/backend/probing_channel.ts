// A conversation that begins over Streamable HTTP and moves to another transport when the handshake shows that it must.

import type { OpenContext } from "../../backend.ts";
import type { Channel } from "../../channel/channel.ts";
import type { Envelope } from "../../channel/envelope.ts";
import { Queue } from "../../channel/queue.ts";
import { GatewayError } from "../../errors.ts";
import { WrongTransport } from "./http_failures.ts";

/** What a probing channel needs of its backend. */
export interface Probe {
  /** The backend's name. */
  readonly name: string;
  /** Whose conversation it is; its bounds hold for what is kept. */
  readonly context: Pick<OpenContext, "limits" | "memory">;
  /** The channel that is tried; throws `WrongTransport` to show that it is the wrong one. */
  readonly first: Channel;
  /** Opens the channel over the other transport. */
  openOther(signal: AbortSignal): Promise<Channel>;
  /** Called once with whether the first transport worked. */
  settled(outcome: "worked" | "failed"): void;
}

/**
 * Keeps what was sent until the first transport has shown itself; then, if it must
 * be, sends it over the other. Nothing is processed twice: the refusal of the
 * handshake proves that the backend took none of it.
 */
export class ProbingChannel implements Channel {
  readonly #probe: Probe;
  readonly #closing = new AbortController();
  readonly #early: Queue<Envelope>;
  #current: Channel;
  #state: "trying" | "switching" | "settled" = "trying";

  constructor(probe: Probe) {
    const { limits, memory } = probe.context;
    const weigh = ({ bytes }: Envelope) => bytes.length;
    this.#early = new Queue(limits.streamBytes, weigh, memory);
    this.#probe = probe;
    this.#current = probe.first;
  }

  async send(envelope: Envelope): Promise<void> {
    if (this.#state === "settled" || this.#closing.signal.aborted) {
      return await this.#current.send(envelope);
    }
    if (!this.#early.push(envelope)) {
      throw new GatewayError(
        "backend_stalled",
        `Too much was sent before server "${this.#probe.name}" had answered`,
        { fields: { limit: this.#early.fullBy } },
      );
    }
    if (this.#state === "switching") return;
    try {
      await this.#current.send(envelope);
    } catch (error) {
      // The refusal came first: the message is among the early ones.
      if (!(error instanceof WrongTransport)) throw error;
    }
  }

  async close(reason?: Error): Promise<void> {
    this.#closing.abort();
    this.#early.drop();
    await this.#current.close(reason);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Envelope> {
    try {
      for await (const envelope of this.#current) {
        this.#settle(envelope);
        yield envelope;
      }
    } catch (error) {
      if (this.#state === "settled" || !(error instanceof WrongTransport)) {
        throw error;
      }
      const other = await this.#switch(error);
      if (other) yield* other;
    }
  }

  /** The first message shows that the transport is right; only a result, that it works. */
  #settle(first: Envelope): void {
    if (this.#state === "settled") return;
    this.#state = "settled";
    this.#early.drop();
    const failed = first.head.kind === "response" &&
      !("result" in first.message());
    this.#probe.settled(failed ? "failed" : "worked");
  }

  async #switch(refusal: WrongTransport): Promise<Channel | undefined> {
    this.#state = "switching";
    this.#probe.settled("failed");
    await this.#probe.first.close();
    const other = await this.#openOther(refusal);
    if (!other) return undefined;
    this.#current = other;
    if (this.#closing.signal.aborted) {
      await other.close();
      return undefined;
    }
    while (this.#early.weight > 0) {
      const early = await this.#early.next();
      if (!early.done) await other.send(early.value);
    }
    this.#state = "settled";
    return other;
  }

  async #openOther(refusal: WrongTransport): Promise<Channel | undefined> {
    try {
      return await this.#probe.openOther(this.#closing.signal);
    } catch (error) {
      if (this.#closing.signal.aborted) return undefined;
      if (!(error instanceof WrongTransport)) throw error;
      const server = `Server "${this.#probe.name}"`;
      const short = ({ message }: Error) =>
        message.replace(`${server} `, "it ");
      throw new GatewayError(
        "backend_protocol",
        `${server} speaks neither Streamable HTTP (${
          short(refusal)
        }) nor HTTP+SSE (${short(error)})`,
        { hint: `Check its "url"` },
      );
    }
  }
}
