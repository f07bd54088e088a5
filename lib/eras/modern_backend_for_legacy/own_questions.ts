// What the gateway itself asks a server on behalf of a client.

import { randomUUID } from "node:crypto";
import { Envelope } from "../../channel/envelope.ts";
import { OwnRequests } from "../../backends/own_requests.ts";
import { GatewayError } from "../../errors.ts";
import type { LegacyClient } from "./client.ts";
import { ownDescribed } from "./described.ts";
import type { Exchanges } from "./exchanges.ts";

/** Those of one session. */
export class OwnQuestions {
  readonly #name: string;
  readonly #exchanges: Exchanges;
  readonly #own = new OwnRequests();

  /** @param name of the server */
  constructor(name: string, exchanges: Exchanges) {
    this.#name = name;
    this.#exchanges = exchanges;
  }

  /** Asks; resolves with the answer, which tells `backend_timeout` after `limitMs`. Rejects when the session is over. */
  async ask(
    client: LegacyClient,
    method: string,
    limitMs: number,
    params?: Readonly<Record<string, unknown>>,
  ): Promise<Envelope> {
    const id = `mcp-front-${randomUUID()}`;
    const request = ownDescribed(id, method, client, params);
    const timer = setTimeout(() => {
      this.#exchanges.cancel(id);
      this.#own.answered(Envelope.failure(id, this.#late(method, limitMs)));
    }, limitMs);
    try {
      return await this.#own.ask(
        request,
        (asked) => this.#exchanges.send(asked),
      );
    } finally {
      clearTimeout(timer);
    }
  }

  /** Takes an answer; `false` when it is to something else. */
  answered(answer: Envelope): boolean {
    return this.#own.answered(answer);
  }

  /** No answers will come any more. */
  giveUp(reason: Error): void {
    this.#own.giveUp(reason);
  }

  #late(method: string, limitMs: number): GatewayError {
    return new GatewayError(
      "backend_timeout",
      `Server "${this.#name}" did not answer ${method} within ${
        limitMs / 1_000
      } s`,
    );
  }
}
