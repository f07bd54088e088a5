// The lives of one shared server, one after the other.

import type { Backend, OpenContext } from "../../backend.ts";
import { Deadlines } from "../../channel/deadlines.ts";
import type { Deadline } from "../../channel/deadlines.ts";
import type { Envelope } from "../../channel/envelope.ts";
import { NotModern } from "../../channel/not_modern.ts";
import { GatewayError } from "../../errors.ts";
import { background } from "../../telemetry/background.ts";
import type { Log } from "../../telemetry/log.ts";
import { BackOff } from "../back_off.ts";
import { logDeath, notYet } from "../deaths.ts";
import { DISCOVER_LIMIT_MS } from "../discovery.ts";
import { SharedLife } from "./life.ts";
import type { LifeOptions } from "./life.ts";

/** What the lives of a server are made of, and who is told of them. */
export interface LivesOptions {
  readonly inner: Backend;
  readonly context: OpenContext;
  /** How long a server may take to start, in milliseconds. */
  readonly openMs: number;
  readonly log: Log;
  /** Takes a place for a child; returns how to give it back. Throws `too_many_children`. */
  takePlace(): () => void;
  /** Whether the server has shown that it is of the modern era, and has not kept silent since. */
  isKnown(): boolean;
  /** It has said nothing: it may be another one now. */
  onSilence(): void;
  hear(envelope: Envelope): Promise<void> | undefined;
  onReady(life: SharedLife): void;
  onDeath(reason: GatewayError): void;
}

/** Begins them: a request does, and what is still to be told after a death. */
export class Lives {
  readonly #options: LivesOptions;
  readonly #log: Log;
  readonly #backOff = new BackOff();
  readonly #deadlines = new Deadlines();
  /** Those that are over, until nothing is left of them. */
  readonly #ending = new Set<Promise<void>>();
  /** They follow each other on one place. */
  #giveBack?: () => void;
  #current?: SharedLife;
  #lastDeath?: GatewayError;
  #restart?: Deadline;

  constructor(options: LivesOptions) {
    this.#options = options;
    this.#log = options.log.with({ server: options.inner.name });
  }

  /** The one that is under way. */
  get current(): SharedLife | undefined {
    return this.#current;
  }

  /** The one that takes a request. Throws why there is none yet. */
  forRequest(): SharedLife {
    if (this.#current) return this.#current;
    const { waitMs } = this.#backOff;
    if (waitMs > 0) throw notYet(this.#lastDeath as GatewayError, waitMs);
    return this.#start();
  }

  /** Begins the next one as soon as that may be. */
  restart(): void {
    const { waitMs } = this.#backOff;
    this.#restart = this.#deadlines.start(waitMs, () => this.#tryToStart());
  }

  /** Ends the one under way. Resolves when nothing is left of any. */
  async close(reason: Error): Promise<void> {
    this.#deadlines.clear();
    const current = this.#current;
    this.#current = undefined;
    if (current) this.#bury(current, reason);
    await Promise.all(this.#ending);
  }

  #start(): SharedLife {
    this.#deadlines.end(this.#restart);
    const began = performance.now();
    const attempt = this.#backOff.deaths;
    const { inner, context, openMs, takePlace, hear, onReady } = this.#options;
    this.#giveBack ??= takePlace();
    const life = new SharedLife({
      inner,
      context,
      ...this.#patience(openMs),
      turn: Promise.all(this.#ending),
      hear,
      onReady: () => {
        this.#backOff.ready();
        if (attempt > 0) {
          const durationMs = Math.round(performance.now() - began);
          const fields = { attempt, duration_ms: durationMs };
          this.#log.info("Backend restarted", fields);
        }
        onReady(life);
      },
      onDeath: (reason) => this.#onDeath(life, reason),
    });
    this.#current = life;
    return life;
  }

  /** One that is known to be of the modern era is only slow; else silence is what one of the other era may answer (2026-07-28 `basic/transports/stdio` § Backward Compatibility). */
  #patience(openMs: number): Pick<LifeOptions, "limitMs" | "silence"> {
    const { inner: { name }, isKnown, onSilence } = this.#options;
    const said = (limitMs: number) =>
      `Server "${name}" did not answer server/discover within ${
        limitMs / 1_000
      } s`;
    if (!isKnown()) {
      const limitMs = Math.min(DISCOVER_LIMIT_MS, openMs);
      return { limitMs, silence: (ms) => new NotModern(said(ms)) };
    }
    const silence = (ms: number) => {
      onSilence();
      const fields = { limit: "open" };
      return new GatewayError("backend_timeout", said(ms), { fields });
    };
    return { limitMs: openMs, silence };
  }

  /** Where there is no place, there may be one later. */
  #tryToStart(): void {
    if (this.#current) return;
    try {
      this.#start();
    } catch {
      this.#backOff.died();
      this.restart();
    }
  }

  #onDeath(life: SharedLife, death: GatewayError): void {
    this.#current = undefined;
    this.#bury(life, death);
    // Where it knows sessions, there is nothing to be waited for.
    if (!(death instanceof NotModern)) {
      this.#backOff.died();
      this.#lastDeath = death;
      logDeath(this.#log, death);
    }
    this.#options.onDeath(this.#meant(death));
  }

  /** Some servers of the initialize era end when they are asked anything before it. */
  #meant(death: GatewayError): GatewayError {
    if (death.fault !== "backend_exited" || this.#options.isKnown()) {
      return death;
    }
    const { message, hint, fields } = death;
    return new NotModern(message, { hint, fields }, death);
  }

  #bury(life: SharedLife, reason: Error): void {
    const closing = life.close(reason);
    background(this.#log, "Closing a backend", closing);
    const gone: Promise<void> = closing.then(() => {}, () => {
      // Logged above; what could be freed is.
    }).finally(() => {
      this.#ending.delete(gone);
      this.#leavePlace();
    });
    this.#ending.add(gone);
  }

  #leavePlace(): void {
    if (this.#current || this.#ending.size > 0) return;
    this.#giveBack?.();
    this.#giveBack = undefined;
  }
}
