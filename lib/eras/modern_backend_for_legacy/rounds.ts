// The rounds of a call whose server asks for input: the client is asked, and its answers go along with the next try.

import type { Deadline, Deadlines } from "../../channel/deadlines.ts";
import type { Envelope } from "../../channel/envelope.ts";
import { memberOf, withMembers } from "../../channel/object_members.ts";
import type { MemberChanges } from "../../channel/object_members.ts";
import type { RequestId } from "../../protocol/messages.ts";
import type { LegacyClient } from "./client.ts";
import { wantedInput } from "./input_required.ts";
import type { Question, Questions } from "./questions.ts";
import { notAnswered, tooManyRounds } from "./refusals.ts";

/** How often a server may ask for input before it has to answer. */
const MAX_ROUNDS = 10;

/** How long a server is left alone that wants another try without a question; each time twice as long. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

const EMPTY = new TextEncoder().encode("{}");

/** What becomes of a form that the client answers with an error. */
const DISMISSED = '{"action":"cancel"}';

/** What the rounds of a call need of its session. */
export interface RoundsOptions {
  /** The name of the server. */
  readonly name: string;
  readonly client: LegacyClient;
  readonly questions: Questions;
  readonly deadlines: Deadlines;
}

/** Those of one call. */
export class Rounds {
  readonly #options: RoundsOptions;
  readonly #call: RequestId;
  /** Where the client has gone, by the ids that it knows. */
  readonly #visits: string[] = [];
  #count = 0;
  #pause?: Deadline;

  constructor(options: RoundsOptions, call: RequestId) {
    this.#options = options;
    this.#call = call;
  }

  /** The visits that are over once the server does not ask any more. */
  get visits(): readonly string[] {
    return this.#visits;
  }

  /**
   * What the parameters of the next try are to have, once the client has answered all that the
   * result asks; never resolves where the call is over before. Throws why there is none.
   */
  async next(result: Uint8Array): Promise<MemberChanges> {
    const { name, client } = this.#options;
    if (++this.#count > MAX_ROUNDS) throw tooManyRounds(name, MAX_ROUNDS);
    const { questions, state: requestState } = wantedInput(
      name,
      result,
      client,
    );
    if (questions.size === 0) {
      await this.#leaveAlone();
      return { inputResponses: undefined, requestState };
    }
    const asked = [...questions].map(async ([key, question]) =>
      [key, await this.#ask(question)] as const
    );
    const answers = Object.fromEntries(await Promise.all(asked));
    return { inputResponses: withMembers(EMPTY, answers), requestState };
  }

  /** The call is over. */
  end(reason: string): void {
    const { questions, deadlines } = this.#options;
    deadlines.end(this.#pause);
    questions.takeBack(this.#call, reason);
  }

  async #ask(question: Question): Promise<Uint8Array | string> {
    const { questions } = this.#options;
    const answer = await questions.ask(this.#call, question);
    const given = answerIn(answer, question);
    if (question.visit !== undefined && accepts(answer)) {
      this.#visits.push(question.visit);
    }
    return given;
  }

  #leaveAlone(): Promise<void> {
    const pauseMs = FIRST_PAUSE_MS * 2 ** (this.#count - 1);
    const { deadlines } = this.#options;
    return new Promise((resolve) => {
      const ms = Math.min(pauseMs, LONGEST_PAUSE_MS);
      this.#pause = deadlines.start(ms, resolve);
    });
  }
}

/** As it was written. Only a form can be dismissed; without anything else the server cannot go on. */
function answerIn(
  answer: Envelope,
  { method }: Question,
): Uint8Array | string {
  const result = answer.head.failed
    ? undefined
    : memberOf(answer.bytes, "result");
  if (result) return result;
  if (method === "elicitation/create") return DISMISSED;
  throw notAnswered(method, answer.message());
}

function accepts(answer: Envelope): boolean {
  const { action } = (answer.message().result ?? {}) as { action?: unknown };
  return action === "accept";
}
