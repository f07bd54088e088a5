// The answers to a POST that are there already, while others are still missing.

import { Envelope } from "../../channel/envelope.ts";
import { GatewayError } from "../../errors.ts";
import type { RequestId } from "../../protocol/messages.ts";
import type { Log } from "../../telemetry/log.ts";
import type { Backlog } from "./backlog.ts";

/** What they are collected for. */
export interface CollectedAnswersOptions {
  /** Those of the requests. */
  readonly ids: readonly RequestId[];
  /** `batch`: the requests came as one array, and so do their answers. */
  readonly form: "single" | "batch";
  readonly backlog: Backlog;
  readonly log: Log;
}

const COMMA = 44;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;

/** They wait in the gateway, and are accounted for like what waits in a stream. */
export class CollectedAnswers {
  readonly #options: CollectedAnswersOptions;
  #answers: Envelope[] = [];
  #bytes = 0;

  constructor(options: CollectedAnswersOptions) {
    this.#options = options;
  }

  /** Whether there are none. */
  get empty(): boolean {
    return this.#answers.length === 0;
  }

  /** Whether nothing more should be collected. */
  get full(): boolean {
    const { streamBytes, crowded } = this.#options.backlog;
    // What is answered at once, as a whole, does not wait here.
    const isPart = this.#options.ids.length > 1;
    return this.#bytes >= streamBytes || (crowded && isPart);
  }

  /** Lets an answer wait; an error in its place when they are too large together. */
  push(answer: Envelope): void {
    const taken = this.full ? this.#refusal(answer) : this.#readable(answer);
    this.#answers.push(taken);
    this.#account(taken.weight);
  }

  /** Hands out what waits, in the order it came. */
  take(): Envelope[] {
    this.#account(-this.#bytes);
    return this.#answers.splice(0);
  }

  /** Hands it out as the one answer, or as the array that a batch is answered with. */
  takeAsJson(): Uint8Array {
    const answers = this.take();
    return this.#options.form === "single"
      ? (answers[0] as Envelope).bytes
      : asArray(answers);
  }

  /** In an array an answer that is no JSON would spoil the others. */
  #readable(answer: Envelope): Envelope {
    if (this.#options.form === "single") return answer;
    try {
      answer.message();
      return answer;
    } catch {
      const why = "The server sent an answer that cannot be read";
      const reason = new GatewayError("backend_protocol", why);
      return Envelope.failure(answer.head.id as RequestId, reason);
    }
  }

  #refusal({ head }: Envelope): Envelope {
    const why = new GatewayError(
      "overloaded",
      "The answers to this batch are too large to be collected",
      { hint: "Accept text/event-stream, or send the requests one by one" },
    );
    const reason = why.summary;
    const { crowded } = this.#options.backlog;
    const limit = crowded ? "sessionBuffer" : "streamBuffer";
    this.#options.log.warn("Answer discarded", { reason, limit });
    return Envelope.failure(head.id as RequestId, why);
  }

  #account(bytes: number): void {
    this.#bytes += bytes;
    this.#options.backlog.changed(bytes);
  }
}

function asArray(answers: readonly Envelope[]): Uint8Array {
  const length = answers.reduce((sum, { bytes }) => sum + bytes.length + 1, 1);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const answer of answers) {
    bytes[at] = at === 0 ? OPEN_BRACKET : COMMA;
    bytes.set(answer.bytes, at + 1);
    at += answer.bytes.length + 1;
  }
  bytes[at] = CLOSE_BRACKET;
  return bytes;
}
