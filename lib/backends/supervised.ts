// A backend that outlives its deaths: it is started by the first message for it, and again by the request after a death.

import type { Backend, OpenContext } from "../backend.ts";
import type { Channel } from "../channel/channel.ts";
import { Envelope } from "../channel/envelope.ts";
import { LOOKAHEAD_BYTES } from "../channel/limits.ts";
import { Pipe } from "../channel/pipe.ts";
import { SlimSet } from "../channel/slim_set.ts";
import { GatewayError } from "../errors.ts";
import { METHODS } from "../protocol/methods.ts";
import type { RequestId } from "../protocol/messages.ts";
import { background } from "../telemetry/background.ts";
import type { Log } from "../telemetry/log.ts";
import { Agreement } from "./agreement.ts";
import { BackOff } from "./back_off.ts";
import { logDeath, notYet } from "./deaths.ts";
import { dropped } from "./dropped.ts";
import { Incarnation } from "./incarnation.ts";
import type { Death } from "./life.ts";

/**
 * Wraps a backend. `open()` costs nothing and does not fail. When the inner channel
 * dies, what the client waits for is answered with why, and its next request starts
 * the backend again, with the client's own handshake, log level and subscriptions.
 * No request is sent twice, except one that a backend has provably not run (`SessionLost`).
 * The channel breaks with `backend_changed` when the new one offers less than the first.
 */
export function supervised(inner: Backend, log: Log): Backend {
  return {
    name: inner.name,
    open: (context) =>
      Promise.resolve(new SupervisedChannel(inner, context, log)),
  };
}

class SupervisedChannel implements Channel {
  readonly #inner: Backend;
  readonly #context: OpenContext;
  readonly #log: Log;
  readonly #agreement: Agreement;
  readonly #backOff = new BackOff();
  readonly #out: Pipe<Envelope>;
  /** Lives that are over, until nothing is left of them. */
  readonly #ending = new SlimSet<Promise<void>>();
  #current?: Incarnation;
  #lastDeath?: GatewayError;
  #end?: GatewayError;

  constructor(inner: Backend, context: OpenContext, log: Log) {
    const { session, memory } = context;
    this.#inner = inner;
    this.#context = context;
    this.#log = log.with({ server: inner.name, session });
    this.#agreement = new Agreement(memory, this.#log);
    this.#out = new Pipe(LOOKAHEAD_BYTES, ({ bytes }) => bytes.length, memory);
  }

  send(envelope: Envelope): Promise<void> {
    if (this.#end) return Promise.reject(this.#end);
    const current = this.#current ?? this.#startFor(envelope);
    if (current) {
      this.#agreement.said(envelope);
      return current.send(envelope);
    }
    if (envelope.head.kind === "request") {
      const id = envelope.head.id as RequestId;
      const death = this.#lastDeath as GatewayError;
      const refusal = notYet(death, this.#backOff.waitMs);
      void this.#out.put(Envelope.failure(id, refusal));
    } else {
      this.#agreement.said(envelope);
      this.#logDropped(envelope);
    }
    return Promise.resolve();
  }

  async close(reason?: Error): Promise<void> {
    this.#end ??= new GatewayError(
      "backend_unavailable",
      `The session with server "${this.#inner.name}" has ended`,
    );
    this.#out.drop();
    this.#agreement.forget();
    const current = this.#current;
    this.#current = undefined;
    if (current) this.#bury(current, reason);
    await Promise.all(this.#ending);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return this.#out;
  }

  /** Anything begins the first life, a request every further one. */
  #startFor({ head }: Envelope): Incarnation | undefined {
    if (!this.#lastDeath) return this.#start();
    if (head.kind !== "request" || this.#backOff.waitMs > 0) return undefined;
    // A client that begins anew is not to find its old handshake done for it.
    if (head.method === METHODS.initialize) this.#agreement.forget();
    return this.#start();
  }

  #start(): Incarnation {
    const began = performance.now();
    const { agreed } = this.#agreement;
    const attempt = this.#backOff.deaths;
    const life = new Incarnation({
      inner: this.#inner,
      context: this.#context,
      agreement: this.#agreement,
      agreed,
      place: this.#lastDeath ? "later" : "first",
      turn: Promise.all(this.#ending),
      log: this.#log,
      tell: (envelope) => this.#tell(envelope),
      onReady: () => {
        if (agreed) this.#backOff.ready();
        if (attempt === 0) return;
        const durationMs = Math.round(performance.now() - began);
        const fields = { attempt, duration_ms: durationMs };
        this.#log.info("Backend restarted", fields);
      },
      onDeath: (death) => this.#onDeath(life, death),
    });
    this.#current = life;
    return life;
  }

  #tell(envelope: Envelope): Promise<unknown> | undefined {
    const { kind, failed } = envelope.head;
    if (kind === "response" && !failed) this.#backOff.ready();
    return this.#out.offer(envelope) ? undefined : this.#out.put(envelope);
  }

  #onDeath(life: Incarnation, death: Death): void {
    const { reason, unanswered, refused, cancellations } = death;
    // The session is about to be closed, and whoever ends it answers the client.
    if (this.#context.signal.aborted) return;
    this.#current = undefined;
    this.#lastDeath = reason;
    this.#backOff.died();
    this.#agreement.lost();
    logDeath(this.#log, reason);
    // The stream of a call, on which its server may have asked something, ends with the answer.
    const told = [
      ...cancellations,
      ...unanswered.map((id) => Envelope.failure(id, reason)),
    ].map((envelope) => this.#out.put(envelope));
    this.#bury(life, reason);
    if (reason.fault === "backend_changed") this.#break(reason, told);
    else if (refused) this.#sendAgain(refused);
  }

  /** What it would change is agreed on when the next life has answered it. */
  #sendAgain(refused: Envelope): void {
    const next = this.#start();
    this.#agreement.said(refused);
    void next.sendAgain(refused);
  }

  /** The session cannot go on; first the client hears all that it is to be told. */
  #break(reason: GatewayError, told: readonly Promise<unknown>[]): void {
    this.#end = reason;
    void Promise.all(told).then(() => this.#out.end(reason));
  }

  #bury(life: Incarnation, reason: Error | undefined): void {
    const closing = life.close(reason);
    background(this.#log, "Closing a backend", closing);
    const gone: Promise<void> = closing.then(() => {}, () => {
      // Logged above; what could be freed is.
    }).finally(() => this.#ending.delete(gone));
    this.#ending.add(gone);
  }

  #logDropped(envelope: Envelope): void {
    const why = "the server it was meant for has ended";
    this.#log.debug("Message dropped", dropped("client", envelope, why));
  }
}
