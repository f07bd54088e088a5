// The requests that servers of the modern era do not know: what they are about is kept in the session.

import { STATE_METHODS } from "../../backends/agreement.ts";
import { Envelope } from "../../channel/envelope.ts";
import { pong } from "../../channel/ping.ts";
import type { RequestId, RpcError } from "../../protocol/messages.ts";
import { objectIn } from "../legacy_backend_for_modern/bridged_request.ts";
import { isSeverity } from "../legacy_backend_for_modern/log_severity.ts";
import type { LegacyClient } from "./client.ts";
import { invalidParams, notOffered } from "./refusals.ts";
import type { Watch } from "./watch.ts";

/** What becomes of a request: nothing, or why it is refused. */
type Outcome = RpcError | undefined;

/** Those of one session. */
export class LocalRequests {
  readonly #client: LegacyClient;
  readonly #capabilities: Readonly<Record<string, unknown>>;
  readonly #watch: Watch;

  /** @param capabilities of the server */
  constructor(
    client: LegacyClient,
    capabilities: Readonly<Record<string, unknown>>,
    watch: Watch,
  ) {
    this.#client = client;
    this.#capabilities = capabilities;
    this.#watch = watch;
  }

  /** The answer to a request; nothing where the server has to give it. */
  answer(request: Envelope): Promise<Envelope> | undefined {
    const alive = pong(request);
    if (alive) return Promise.resolve(alive);
    const outcome = this.#outcome(request);
    if (!outcome) return undefined;
    const id = request.head.id as RequestId;
    return outcome.then((error) =>
      (error ? Envelope.error(id, error) : Envelope.result(id, {}))
        .relating(id)
    );
  }

  #outcome(request: Envelope): Promise<Outcome> | undefined {
    const { method } = request.head;
    const { level, uri } = request.message().params ?? {};
    switch (method) {
      case STATE_METHODS.setLevel:
        return Promise.resolve(this.#setLevel(level));
      case STATE_METHODS.subscribe:
      case STATE_METHODS.unsubscribe:
        return this.#subscribe(method, uri);
    }
    return undefined;
  }

  /** It goes with every request from now on (2026-07-28 `server/utilities/logging` § Per-request log level). */
  #setLevel(level: unknown): Outcome {
    if (!("logging" in this.#capabilities)) {
      return notOffered(STATE_METHODS.setLevel);
    }
    if (!isSeverity(level)) return invalidParams("The level is not known");
    this.#client.level = level;
  }

  async #subscribe(method: string, uri: unknown): Promise<Outcome> {
    const { subscribe } = objectIn(this.#capabilities.resources);
    if (subscribe !== true) return notOffered(method);
    if (typeof uri !== "string") return invalidParams("The uri is no text");
    if (method === STATE_METHODS.subscribe) {
      return await this.#watch.subscribe(uri);
    }
    this.#watch.unsubscribe(uri);
  }
}
