// One conversation with one server of a root session: what goes over it, and whom that is for.

import type { Channel } from "../../channel/channel.ts";
import { Envelope } from "../../channel/envelope.ts";
import { pong } from "../../channel/ping.ts";
import { asGatewayError } from "../../errors.ts";
import type { GatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { RequestId } from "../../protocol/messages.ts";
import type { Log } from "../../telemetry/log.ts";
import { dropped } from "../dropped.ts";
import { ownRequest } from "../own_messages.ts";
import { OwnRequests } from "../own_requests.ts";
import { RenamedRequests } from "../renamed_requests.ts";
import type { Company } from "./company.ts";
import type { PassedRequests } from "./passed_requests.ts";
import { ended, stalled } from "./refusals.ts";

/** What a line is made of. */
export interface LineOptions {
  /** Of the server. */
  readonly name: string;
  readonly channel: Channel;
  readonly company: Company;
  /** The client's requests that are open at this server. */
  readonly passed: PassedRequests;
  readonly log: Log;
  /** Called once when it has ended, unless it was closed. */
  onEnd(reason: GatewayError): void;
}

/** Whoever opens one closes it, also when it has ended. */
export class Line {
  readonly #options: LineOptions;
  readonly #own = new OwnRequests();
  readonly #renamed: RenamedRequests;
  readonly #reading: Promise<void>;
  /** What the channel has no room for yet. */
  #unsentBytes = 0;
  #isClosed = false;

  constructor(options: LineOptions) {
    const { limits } = options.company.context;
    this.#options = options;
    this.#renamed = new RenamedRequests(limits.requestsPerSession);
    this.#reading = this.#read();
  }

  /** Takes a message of the client; where the server has stopped to read, others are not held up by it. */
  send(envelope: Envelope): void {
    const { name, company: { context } } = this.#options;
    if (this.#unsentBytes >= context.limits.streamBytes) {
      return this.#notSent(envelope, stalled(name));
    }
    this.#write(envelope).catch((error) => {
      this.#notSent(envelope, asGatewayError(error));
    });
  }

  /** Takes what the client says about something that the server has asked; `false` where it is about nothing of this one's. */
  takesAnswer(envelope: Envelope): boolean {
    const inward = this.#renamed.inward(envelope);
    if (inward) this.send(inward);
    return inward !== undefined;
  }

  /** Asks for the gateway itself. Rejects when no answer will come. */
  ask(method: string, params?: Record<string, unknown>): Promise<Envelope> {
    const request = ownRequest(method, params);
    return this.#own.ask(request, (asked) => this.#write(asked));
  }

  /** Ends it. Resolves when nothing is left of it. */
  async close(reason?: Error): Promise<void> {
    this.#isClosed = true;
    this.#own.giveUp(asGatewayError(reason));
    await this.#options.channel.close(reason);
    await this.#reading;
  }

  async #read(): Promise<void> {
    const { name, channel, onEnd } = this.#options;
    let reason = ended(name);
    try {
      for await (const envelope of channel) {
        const room = this.#hear(envelope);
        if (room) await room;
      }
    } catch (error) {
      reason = asGatewayError(error);
    }
    if (this.#isClosed) return;
    this.#own.giveUp(reason);
    onEnd(reason);
  }

  /** Hands on what the server says; a promise where that has to be waited for. */
  #hear(envelope: Envelope): Promise<unknown> | undefined {
    const { company, passed } = this.#options;
    const { kind, method } = envelope.head;
    if (kind === "response" && this.#own.answered(envelope)) return undefined;
    const answer = pong(envelope);
    if (answer) {
      this.send(answer);
      return undefined;
    }
    if (kind === "response" || method === METHODS.progress) {
      if (passed.heard(envelope)) return company.tell(envelope);
      return this.#drop(envelope);
    }
    const related = passed.related(envelope);
    if (company.takes(related)) return undefined;
    const outward = this.#renamed.outward(related);
    return outward ? company.tell(outward) : this.#drop(envelope);
  }

  #drop(envelope: Envelope): undefined {
    const why = "it is about nothing that this server was asked";
    const fields = dropped("backend", envelope, why);
    this.#options.log.warn("Message dropped", fields);
  }

  async #write(envelope: Envelope): Promise<void> {
    const { weight } = envelope;
    this.#unsentBytes += weight;
    try {
      await this.#options.channel.send(envelope);
    } finally {
      this.#unsentBytes -= weight;
    }
  }

  #notSent(envelope: Envelope, reason: GatewayError): void {
    const { company, passed, log } = this.#options;
    const { kind, id } = envelope.head;
    if (kind === "request" && passed.forget(id as RequestId)) {
      void company.tell(Envelope.failure(id as RequestId, reason));
    } else if (!this.#isClosed) {
      log.warn("Message dropped", dropped("client", envelope, reason.summary));
    }
  }
}
