// Messages that expect no answer, on their way to a backend by HTTP: one at a time, in order.

import type { Envelope } from "../../channel/envelope.ts";
import { deadlines } from "../../channel/deadlines.ts";
import { asGatewayError, GatewayError } from "../../errors.ts";
import type { Log } from "../../telemetry/log.ts";

/** How long a backend may take to acknowledge such a message before the next one is sent. */
const ACKNOWLEDGE_LIMIT_MS = 30_000;

/** The one POST of a notification or response that is under way. */
export class Posting {
  readonly #log: Log;
  #current?: AbortController;
  #stopped = false;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Does one POST; what goes wrong is logged and returned, for there is nobody to answer. Never throws. */
  async run(
    { head }: Envelope,
    post: (signal: AbortSignal) => Promise<void>,
  ): Promise<GatewayError | undefined> {
    const current = new AbortController();
    this.#current = current;
    const giveUp = () => current.abort();
    const deadline = deadlines.start(ACKNOWLEDGE_LIMIT_MS, giveUp);
    try {
      if (this.#stopped) current.abort();
      await post(current.signal);
    } catch (error) {
      const failed = current.signal.aborted ? late() : asGatewayError(error);
      if (!this.#stopped) {
        const { kind, method } = head;
        const { message: reason } = failed;
        this.#log.warn("Message not delivered", { kind, method, reason });
      }
      return failed;
    } finally {
      deadlines.end(deadline);
      this.#current = undefined;
    }
  }

  /** Gives up what is under way and all that follows. */
  stop(): void {
    this.#stopped = true;
    this.#current?.abort();
  }
}

function late(): GatewayError {
  return new GatewayError(
    "backend_timeout",
    "The server did not acknowledge the message in time",
  );
}
