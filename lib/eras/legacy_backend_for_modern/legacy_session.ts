// One session with a legacy server, in which the requests of several exchanges run.

import { randomBytes } from "node:crypto";
import type { Backend, BackendChannel } from "../../backend.ts";
import { OwnRequests } from "../../backends/own_requests.ts";
import { ownNotice, ownRequest } from "../../backends/own_messages.ts";
import { dropped } from "../../backends/dropped.ts";
import type { Envelope } from "../../channel/envelope.ts";
import { Memory } from "../../channel/memory.ts";
import { asGatewayError, GatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { Log } from "../../telemetry/log.ts";
import type { Asked } from "./asked.ts";
import type { ClientSide } from "./client_side.ts";
import { handshake } from "./handshake.ts";
import type { Introduction } from "./introduction.ts";
import { introductionIn } from "./introduction.ts";
import type { Severity } from "./log_severity.ts";
import { RequestsUnderWay } from "./requests_under_way.ts";
import { ResourceSubscriptions } from "./resource_subscriptions.ts";
import type { AskServer } from "./resource_subscriptions.ts";
import { ServerMessages } from "./server_messages.ts";
import { SessionLogLevel } from "./session_log_level.ts";

/** What a session is made of. */
export interface LegacySessionOptions {
  /** The legacy face of the server. */
  readonly backend: Backend;
  readonly client: ClientSide;
  readonly log: Log;
  /** Takes a notification that is about no request; a promise where that has to be waited for. */
  onNotice(notice: Envelope): Promise<unknown> | undefined;
  /** Called once when it has ended, also by `close()`. */
  onEnd(): void;
}

const LABEL_BYTES = 4;

/** Whoever makes one closes it. */
export class LegacySession {
  /** Its name in the log. */
  readonly label = randomBytes(LABEL_BYTES).toString("hex");
  /** Its lines name the session. */
  readonly log: Log;
  readonly subscriptions: ResourceSubscriptions;
  readonly #level: SessionLogLevel;
  readonly #options: LegacySessionOptions;
  readonly #memory: Memory;
  readonly #closing = new AbortController();
  readonly #own = new OwnRequests();
  readonly #requests: RequestsUnderWay;
  readonly #heard: ServerMessages;
  #channel?: BackendChannel;
  #started?: Promise<Introduction>;
  #introduction?: Introduction;
  #reading: Promise<void> = Promise.resolve();
  #end?: GatewayError;

  constructor(options: LegacySessionOptions) {
    const { client, backend, log, onNotice } = options;
    const { principal, limits } = client;
    this.#options = options;
    const server = backend.name;
    const token_name = principal.id;
    this.log = log.with({ token_name, server, session: this.label });
    this.#memory = new Memory(limits.sessionBytes);
    const ask: AskServer = (method, params) => this.ask(method, params);
    this.subscriptions = new ResourceSubscriptions(ask);
    this.#level = new SessionLogLevel(ask);
    this.#requests = new RequestsUnderWay(
      limits.requestsPerSession,
      (envelope) => this.#write(envelope),
    );
    this.#heard = new ServerMessages({
      pending: this.#requests.all,
      log: this.log,
      say: (envelope) => this.say(envelope),
      onNotice,
    });
  }

  /** What the server has said of itself; nothing before it was begun. */
  get introduction(): Introduction | undefined {
    return this.#introduction;
  }

  /** Why nothing can be asked in it any more; nothing while something can. */
  get end(): GatewayError | undefined {
    return this.#end;
  }

  /** How many questions of the server may wait for answers in one call. */
  get maxQuestions(): number {
    return this.#options.client.limits.requestsPerSession;
  }

  /** The account of what it holds. */
  get memory(): Memory {
    return this.#memory;
  }

  /** See `BackendChannel`; nothing where there is no telling. */
  addressee(envelope: Envelope): string | undefined {
    return this.#channel?.addressee?.(envelope);
  }

  /** Begins it, unless that is done or under way; after a failure it is tried again. Throws why it failed. */
  start(): Promise<Introduction> {
    return this.#started ??= this.#begin().catch((error) => {
      this.#started = undefined;
      throw error;
    });
  }

  /** Sends a request; returns the id that the server knows it by. It is answered, if need be with an error. */
  send(asked: Asked): number {
    this.#heard.wake();
    return this.#requests.send(asked);
  }

  /** Does `begin` when the server's log is set to what a request wants to hear of it; at once where that is nothing. */
  async hearFrom(
    level: Severity | undefined,
    begin: () => void,
  ): Promise<void> {
    if (level === undefined || !this.#introduction?.capabilities.logging) {
      return begin();
    }
    const underWay = () =>
      [...this.#requests.all.values()]
        .flatMap(({ request }) => request.level ?? []);
    await this.#level.set(level, underWay, begin);
  }

  /**
   * Gives up a request: its answer is not taken any more. Resolves when the server knows of it: what it
   * asks then is for another request.
   */
  async cancel(id: number, reason: string): Promise<void> {
    if (!this.#requests.cancel(id)) return;
    this.say(ownNotice(METHODS.cancelled, { requestId: id, reason }));
    if (this.#introduction?.relates) return;
    await this.#heard.unsure(this.ask(METHODS.ping));
  }

  /** Asks for the gateway itself. Rejects when no answer will come. */
  async ask(
    method: string,
    params?: Record<string, unknown>,
  ): Promise<Envelope> {
    if (this.#end) throw this.#end;
    const request = ownRequest(method, params);
    return await this.#own.ask(request, (asked) => this.#write(asked));
  }

  /** Says something that nobody waits for; to whom has gone it is no news. */
  say(envelope: Envelope): void {
    this.#write(envelope).catch(() => {
      const why = "the server has gone";
      this.log.debug("Message dropped", dropped("client", envelope, why));
    });
  }

  /** Ends it; what waits is answered with `reason`. Resolves when nothing is left of it. */
  async close(reason: GatewayError): Promise<void> {
    this.#finish(reason);
    await this.#started?.catch(() => {
      // Whoever began it is told.
    });
    await this.#channel?.close(reason);
    await this.#reading;
  }

  async #begin(): Promise<Introduction> {
    if (this.#end) throw this.#end;
    const { backend: { name }, client } = this.#options;
    if (!this.#channel) await this.#open();
    const answer = await this.#own.ask(
      handshake(client),
      (request) => this.#write(request),
    );
    const introduction = introductionIn(answer, name);
    await this.#write(ownNotice(METHODS.initialized));
    return this.#introduction = introduction;
  }

  async #open(): Promise<void> {
    const { backend, client: { principal, limits } } = this.#options;
    const { signal } = this.#closing;
    const memory = this.#memory;
    const session = this.label;
    const context = { principal, limits, signal, session, memory };
    try {
      this.#channel = await backend.open(context);
    } catch (error) {
      this.#finish(asGatewayError(error));
      throw error;
    }
    this.log.info("Session opened", { transport: "exchanges" });
    this.#reading = this.#read(this.#channel);
    if (this.#end) throw this.#end;
  }

  async #read(channel: BackendChannel): Promise<void> {
    const { name } = this.#options.backend;
    let reason = new GatewayError(
      "backend_unavailable",
      `Server "${name}" ended the session`,
    );
    try {
      for await (const envelope of channel) {
        const room = this.#hear(envelope);
        if (room) await room;
      }
    } catch (error) {
      reason = asGatewayError(error);
    }
    this.#finish(reason);
  }

  #hear(envelope: Envelope): Promise<unknown> | undefined {
    const { kind, id } = envelope.head;
    if (kind !== "response") return this.#heard.take(envelope);
    if (id === null || id === undefined) return undefined;
    if (!this.#own.answered(envelope)) this.#requests.answered(envelope, id);
    return undefined;
  }

  #finish(reason: GatewayError): void {
    if (this.#end) return;
    this.#end = reason;
    this.#closing.abort(reason);
    this.#heard.stop();
    this.#own.giveUp(reason);
    this.#requests.end(reason);
    if (this.#channel) {
      const { fault, summary } = reason;
      this.log.info("Session closed", { fault, reason: summary });
    }
    this.#options.onEnd();
  }

  #write(envelope: Envelope): Promise<void> {
    return this.#channel?.send(envelope) ??
      Promise.reject(this.#end ?? new GatewayError("internal", "Not open"));
  }
}
