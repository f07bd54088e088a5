// The requests of several exchanges in one session, by the ids that the server knows them by.

import { Envelope } from "../../channel/envelope.ts";
import { asGatewayError, GatewayError, RETRY_SOON } from "../../errors.ts";
import type { Fault } from "../../errors.ts";
import type { RequestId } from "../../protocol/messages.ts";
import type { Asked } from "./asked.ts";
import { forLegacy } from "./bridged_request.ts";

/** How a server is lost: what it was asked may have run, and will not be answered. */
const LOSSES: ReadonlySet<Fault> = new Set([
  "backend_exited",
  "backend_unavailable",
]);

/** See above; each is answered once, if need be with an error. */
export class RequestsUnderWay {
  readonly #most: number;
  readonly #write: (envelope: Envelope) => Promise<void>;
  readonly #pending = new Map<number, Asked>();
  readonly #repeated = new WeakSet<Asked>();
  #count = 0;
  #end?: GatewayError;

  /**
   * @param most how many there may be at once
   * @param write takes a message for the server
   */
  constructor(most: number, write: (envelope: Envelope) => Promise<void>) {
    this.#most = most;
    this.#write = write;
  }

  /** Those that wait for an answer. */
  get all(): ReadonlyMap<number, Asked> {
    return this.#pending;
  }

  /** Sends one; returns the id that the server knows it by. */
  send(asked: Asked): number {
    const id = ++this.#count;
    const refusal = this.#end ?? this.#full();
    if (refusal) {
      asked.answered(Envelope.failure(id, refusal));
    } else {
      this.#pending.set(id, asked);
      this.#post(asked, id);
    }
    return id;
  }

  /** Gives one up: its answer is not taken any more. `false` where none is waited for. */
  cancel(id: number): boolean {
    return this.#pending.delete(id);
  }

  /** Takes an answer; one to what was cancelled is nobody's. */
  answered(answer: Envelope, id: RequestId): void {
    const asked = this.#pending.get(id as number);
    if (!asked) return;
    if (this.#isToBeRepeated(asked, answer)) {
      this.#repeated.add(asked);
      return this.#post(asked, id as number);
    }
    this.#pending.delete(id as number);
    asked.answered(answer);
  }

  /** None will be answered by the server any more. */
  end(reason: GatewayError): void {
    this.#end = reason;
    for (const [id, asked] of this.#pending) {
      this.#pending.delete(id);
      asked.answered(Envelope.failure(id, reason));
    }
  }

  /** The server is lost that may have run it: the next one is asked, once. */
  #isToBeRepeated(asked: Asked, { tells }: Envelope): boolean {
    if (!asked.repeatable || this.#repeated.has(asked)) return false;
    return tells !== undefined && LOSSES.has(tells.fault);
  }

  #post(asked: Asked, id: number): void {
    this.#write(forLegacy(asked.request, id)).catch((error) => {
      this.answered(Envelope.failure(id, asGatewayError(error)), id);
    });
  }

  #full(): GatewayError | undefined {
    if (this.#pending.size < this.#most) return undefined;
    return new GatewayError(
      "overloaded",
      `${this.#most} requests of this token wait for their answers at this server`,
      {
        hint: "Wait for answers before sending more",
        headers: RETRY_SOON,
        fields: { limit: "requestsPerSession" },
      },
    );
  }
}
