// What a legacy server says beside its answers: whom in the session it is for.

import { Envelope } from "../../channel/envelope.ts";
import { progressTokenOf } from "../../channel/named_ids.ts";
import { pong } from "../../channel/ping.ts";
import { Slice } from "../../channel/turns.ts";
import { within } from "../../channel/within.ts";
import { dropped } from "../../backends/dropped.ts";
import { METHODS } from "../../protocol/methods.ts";
import { RPC_CODES } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/messages.ts";
import type { Log } from "../../telemetry/log.ts";
import { Throttle } from "../../transports/client/throttle.ts";
import type { Asked } from "./asked.ts";

/** The notifications that are about no request. */
const NOTICES: ReadonlySet<string> = new Set([
  "notifications/tools/list_changed",
  "notifications/prompts/list_changed",
  "notifications/resources/list_changed",
  "notifications/resources/updated",
]);

/** What this era has no word for. */
const NOT_FOR_MODERN: ReadonlySet<string> = new Set([
  "notifications/elicitation/complete",
  "notifications/tasks/status",
]);

/** How long a server may take to answer before nothing more is waited for. */
const ANSWER_LIMIT_MS = 2_000;

/** The session that they are said in. */
export interface Hearing {
  /** The requests under way, by the ids that the server knows them by. */
  readonly pending: ReadonlyMap<number, Asked>;
  readonly log: Log;
  /** Says something to the server. */
  say(envelope: Envelope): void;
  /** Takes a notification that is about no request; a promise where that has to be waited for. */
  onNotice(notice: Envelope): Promise<unknown> | undefined;
}

/** Hands each to whoever it is for; what is for nobody is answered or dropped, never guessed at. */
export class ServerMessages {
  readonly #hearing: Hearing;
  readonly #slice = new Slice();
  readonly #throttle = new Throttle();
  /** Requests that were given up, and of which the server may not know it yet. */
  #givenUp = 0;

  constructor(hearing: Hearing) {
    this.#hearing = hearing;
  }

  /** Takes a request or notification; a promise where others have to wait for it. */
  take(envelope: Envelope): Promise<unknown> | undefined {
    const taken = envelope.head.kind === "request"
      ? this.#ask(envelope)
      : this.#tell(envelope);
    return taken ?? this.#slice.pass(envelope.bytes.length);
  }

  /** A request was given up: the only one that is left is not taken for the one that is meant before the server has answered what it was asked after that. */
  async unsure(answer: Promise<unknown>): Promise<void> {
    this.#givenUp++;
    await within(answer, ANSWER_LIMIT_MS);
    this.#givenUp--;
  }

  /** Somebody waits for what the server says from now on. */
  wake(): void {
    this.#throttle.wake();
  }

  /** Nobody hears it any more. */
  stop(): void {
    this.#throttle.stop();
  }

  #ask(question: Envelope): undefined {
    const { say } = this.#hearing;
    const answer = pong(question);
    if (answer) return void say(answer);
    const asked = this.#askedIn(question);
    if (asked) return void asked.asked(question);
    const id = question.head.id as RequestId;
    say(Envelope.error(id, {
      code: RPC_CODES.invalidRequest,
      message: "The client can be asked only by what it waits for, " +
        "and it cannot be told which request that is",
    }));
    this.#logDropped(question, "it belongs to no call");
  }

  /** The call of the client that a question belongs to: that on whose stream it came, else the only one that can be meant. */
  #askedIn({ relatesTo }: Envelope): Asked | undefined {
    const { pending } = this.#hearing;
    if (typeof relatesTo === "number") {
      const asked = pending.get(relatesTo);
      return asked?.mayBeAsked ? asked : undefined;
    }
    return this.#only(({ mayBeAsked }) => mayBeAsked);
  }

  #tell(notification: Envelope): Promise<unknown> | undefined {
    const { pending, onNotice } = this.#hearing;
    const { method = "" } = notification.head;
    if (NOTICES.has(method)) return onNotice(notification);
    if (NOT_FOR_MODERN.has(method)) return undefined;
    if (method === METHODS.cancelled) {
      for (const asked of pending.values()) asked.takenBack(notification);
      return undefined;
    }
    const asked = method === METHODS.progress
      ? pending.get(progressTokenOf(notification) as number)
      : this.#toldIn(notification);
    if (asked) return asked.told(notification);
    this.#logDropped(notification, "it belongs to no request under way");
    return pending.size > 0
      ? undefined
      : this.#throttle.pay(notification.bytes.length);
  }

  #toldIn({ relatesTo }: Envelope): Asked | undefined {
    const { pending } = this.#hearing;
    return typeof relatesTo === "number"
      ? pending.get(relatesTo)
      : this.#only(() => true);
  }

  #only(isMeant: (one: Asked) => boolean): Asked | undefined {
    if (this.#givenUp > 0) return undefined;
    return onlyOne(this.#hearing.pending.values(), isMeant);
  }

  #logDropped(envelope: Envelope, why: string): void {
    this.#hearing.log.debug(
      "Message dropped",
      dropped("backend", envelope, why),
    );
  }
}

function onlyOne<T>(
  all: Iterable<T>,
  isMeant: (one: T) => boolean,
): T | undefined {
  let found: T | undefined;
  for (const one of all) {
    if (!isMeant(one)) continue;
    if (found) return undefined;
    found = one;
  }
  return found;
}
