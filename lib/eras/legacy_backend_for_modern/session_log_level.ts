// The log level of a session that several requests share: what the one that wants to hear most asks for.

import { STATE_METHODS } from "../../backends/agreement.ts";
import { within } from "../../channel/within.ts";
import { leastOf } from "./log_severity.ts";
import type { Severity } from "./log_severity.ts";
import type { AskServer } from "./resource_subscriptions.ts";

/** How long a request waits for its level to be set. */
const SET_LIMIT_MS = 2_000;

/** Set anew when it has to be another one, and not before there is a request for which that counts. */
export class SessionLogLevel {
  readonly #ask: AskServer;
  /** The levels of requests that are about to be sent. */
  readonly #coming = new Set<{ readonly level: Severity }>();
  #current?: Severity;
  #setting: Promise<unknown> = Promise.resolve();

  constructor(ask: AskServer) {
    this.#ask = ask;
  }

  /**
   * Sees to it that the server says enough for a request of this level, and for those `underWay`; then does
   * `begin`. What the server refuses is no fault: it says what it says.
   */
  async set(
    level: Severity,
    underWay: () => Iterable<Severity>,
    begin: () => void,
  ): Promise<void> {
    const coming = { level };
    this.#coming.add(coming);
    try {
      this.#want([
        ...underWay(),
        ...[...this.#coming].map(({ level }) => level),
      ]);
      await within(this.#setting, SET_LIMIT_MS);
      begin();
    } finally {
      this.#coming.delete(coming);
    }
  }

  #want(levels: readonly Severity[]): void {
    const level = leastOf(levels);
    if (level === undefined || level === this.#current) return;
    this.#current = level;
    this.#setting = this.#setting.then(() => this.#tell(level));
  }

  async #tell(level: Severity): Promise<void> {
    try {
      await this.#ask(STATE_METHODS.setLevel, { level });
    } catch {
      this.#current = undefined; // The server has gone.
    }
  }
}
