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
  #current?: Severity;
  #setting: Promise<unknown> = Promise.resolve();

  constructor(ask: AskServer) {
    this.#ask = ask;
  }

  /** Sees to it that the server says enough for all who want to hear something. What it refuses is no fault: it says what it says. */
  async set(wanted: Iterable<Severity>): Promise<void> {
    const level = leastOf(wanted);
    if (level !== undefined && level !== this.#current) {
      this.#current = level;
      this.#setting = this.#setting.then(() => this.#tell(level));
    }
    await within(this.#setting, SET_LIMIT_MS);
  }

  async #tell(level: Severity): Promise<void> {
    try {
      await this.#ask(STATE_METHODS.setLevel, { level });
    } catch {
      this.#current = undefined; // The server has gone.
    }
  }
}
