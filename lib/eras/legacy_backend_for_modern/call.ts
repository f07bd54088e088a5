// One request of a modern client that runs in a session with a legacy server, over as many rounds as the server asks.

import { Envelope } from "../../channel/envelope.ts";
import { asGatewayError } from "../../errors.ts";
import type { RequestId, RpcError } from "../../protocol/messages.ts";
import type { Principal } from "../../principal.ts";
import { answerForModern, failureFor } from "./answers.ts";
import type { Asked } from "./asked.ts";
import type { Asker } from "./asker.ts";
import { objectIn, withoutBody } from "./bridged_request.ts";
import type { BridgedRequest } from "./bridged_request.ts";
import { inputRequired } from "./input_required.ts";
import type { Lease } from "./lease.ts";
import { METHODS } from "../../protocol/methods.ts";
import { withValidHeaders } from "./listed_tools.ts";
import { missingCapability, QUESTIONS } from "./needed_capability.ts";
import type { Capabilities } from "./needed_capability.ts";
import { noticeFor } from "./notices.ts";
import { Questions } from "./questions.ts";
import type { InputResponses } from "./questions.ts";
import {
  NOT_DECLARED,
  NOT_KNOWN,
  notKept,
  TOO_MANY,
  undeclared,
} from "./refusals.ts";
import type { Standing } from "./standing.ts";
import type { Resumable, Tickets } from "./tickets.ts";
import type { ToolCatalog } from "./tool_catalog.ts";
import { urlVisit } from "./url_visit.ts";

/** What a call is made of. */
export interface CallOptions {
  readonly lease: Lease;
  readonly owner: Principal;
  readonly mayBeAsked: boolean;
  readonly standing: Standing;
  readonly tickets: Tickets;
  /** What is known of the server's tools. */
  readonly tools: ToolCatalog;
  /** How long a question waits for others to be told with it, in milliseconds. */
  readonly gatherMs: number;
}

/** Requests that change nothing: run again where a server was lost that may have run them. */
const REPEATABLE: ReadonlySet<string> = new Set([
  "tools/list",
  "prompts/list",
  "prompts/get",
  "resources/list",
  "resources/templates/list",
  "resources/read",
  "completion/complete",
]);

/** See above. Whoever makes one begins it with `start()`. */
export class Call implements Asked, Resumable {
  readonly owner: Principal;
  readonly mayBeAsked: boolean;
  readonly standing: Standing;
  readonly #options: CallOptions;
  readonly #questions: Questions;
  #request: BridgedRequest;
  /** Who waits for it; nobody while it is parked. */
  #asker?: Asker;
  #id = 0;
  #gathering?: ReturnType<typeof setTimeout>;
  /** Came while it was parked. */
  #answer?: Envelope;
  /** What it is parked under. */
  #ticket?: string;

  constructor(asker: Asker, options: CallOptions) {
    this.owner = options.owner;
    this.mayBeAsked = options.mayBeAsked;
    this.standing = options.standing;
    this.#options = options;
    this.#request = asker.request;
    this.#asker = asker;
    const { maxQuestions, memory } = options.lease.session;
    this.#questions = new Questions(maxQuestions, memory);
  }

  get request(): BridgedRequest {
    return this.#request;
  }

  /** What was asked may have been answered by the client: it would not be asked in the same way again. */
  get repeatable(): boolean {
    return REPEATABLE.has(this.request.method) && this.#questions.isUnused;
  }

  /** Sends the request. */
  start(): void {
    const { session } = this.#options.lease;
    this.standing.note(session.addressee(this.#request.envelope));
    this.#id = session.send(this);
  }

  answered(answer: Envelope): void {
    clearTimeout(this.#gathering);
    const { lease } = this.#options;
    const { memory, end } = lease.session;
    lease.release();
    this.#questions.forget();
    if (this.#asker) return this.#finish(answer);
    if (end) return this.#forget();
    this.#answer = memory.full ? Envelope.failure(this.#id, notKept()) : answer;
    memory.add(this.#answer.weight);
  }

  told(notification: Envelope): Promise<unknown> | undefined {
    const asker = this.#asker;
    const notice = asker && noticeFor(asker.request, notification);
    return notice && asker.tell(notice);
  }

  asked(question: Envelope): void {
    const method = question.head.method as string;
    if (!QUESTIONS.has(method)) return this.#refuse(question, NOT_KNOWN);
    const params = objectIn(question.message().params);
    const missing = missingCapability(
      method,
      params,
      this.request.capabilities,
    );
    if (missing) return this.#endFor(question, missing);
    if (!this.#questions.add(question)) {
      return this.#refuse(question, TOO_MANY);
    }
    this.#gather();
  }

  takenBack(cancelled: Envelope): void {
    this.#questions.takeBack(cancelled);
  }

  /** Its client has come back with answers; it goes on for that exchange. */
  resume(asker: Asker, responses: InputResponses): void {
    this.#ticket = undefined;
    this.#options.lease.parked = undefined;
    this.#asker = asker;
    for (const answer of this.#questions.answer(responses)) this.#say(answer);
    const answer = this.#answer;
    if (!answer) return this.#gather();
    this.#options.lease.session.memory.add(-answer.weight);
    this.#answer = undefined;
    this.#finish(answer);
  }

  /** An exchange has ended: where it is that which waits for it, nobody does any more. */
  abandon(asker: Asker): void {
    if (this.#asker === asker) this.#cancel("the client left");
  }

  expire(why: string): void {
    this.#ticket = undefined;
    this.#cancel(why);
  }

  /** What is asked within a moment is told together. */
  #gather(): void {
    clearTimeout(this.#gathering);
    if (!this.#asker || this.#questions.open.length === 0) return;
    const { gatherMs } = this.#options;
    this.#gathering = setTimeout(() => this.#askClient(), gatherMs);
  }

  /** The exchange ends with the questions; the call waits for another one. */
  #askClient(): void {
    const asker = this.#asker;
    const { open } = this.#questions;
    if (!asker || open.length === 0) return;
    const { tickets, lease } = this.#options;
    this.#asker = undefined;
    this.standing.note(lease.session.addressee(asker.request.envelope));
    try {
      const { ticket, state } = tickets.give(this, asker.request);
      this.#ticket = ticket;
      const end = (why: string) => this.#cancel(why);
      lease.parked = { since: performance.now(), end };
      this.#request = withoutBody(this.#request);
      const { introduction } = lease.session;
      asker.answer(inputRequired(asker.request, open, state, introduction));
    } catch (error) {
      const reason = asGatewayError(error);
      this.#cancel(reason.message);
      asker.answer(failureFor(asker.request, reason));
    }
  }

  #finish(answer: Envelope): void {
    const asker = this.#asker;
    if (!asker) return;
    this.#asker = undefined;
    const { owner } = this;
    const { lease: { session }, tickets, tools } = this.#options;
    const { introduction } = session;
    const options = { owner, tickets, introduction };
    const visit = urlVisit(answer, asker.request, options);
    if (visit) return visit.ask(asker);
    const { method, params } = this.request;
    let told = answer;
    if (method === METHODS.listTools) {
      tools.learn(params.cursor, answer);
      told = withValidHeaders(answer, (tool) => {
        session.log.debug("Tool's headers not named as they have to be", {
          tool,
        });
      });
    }
    asker.answer(answerForModern(told, asker.request, introduction));
  }

  /** A server asks for what the client has not declared: the call cannot go on (2026-07-28 `basic` § `_meta`). */
  #endFor(question: Envelope, missing: Capabilities): void {
    this.#refuse(question, NOT_DECLARED);
    const asker = this.#asker;
    this.#cancel("the client cannot answer what it is asked");
    asker?.answer(failureFor(asker.request, undeclared(missing)));
  }

  #refuse({ head }: Envelope, error: RpcError): void {
    this.#say(Envelope.error(head.id as RequestId, error));
  }

  #cancel(why: string): void {
    clearTimeout(this.#gathering);
    const { lease } = this.#options;
    for (const answer of this.#questions.giveUp()) this.#say(answer);
    this.#asker = undefined;
    // What the server may ask yet for this call must not be taken for the next one's.
    void lease.session.cancel(this.#id, why).then(() => lease.release());
    this.#forget();
  }

  /** It is over, also for who would come back for it. */
  #forget(): void {
    if (this.#ticket !== undefined) this.#options.tickets.forget(this.#ticket);
    this.#ticket = undefined;
    const answer = this.#answer;
    if (answer) this.#options.lease.session.memory.add(-answer.weight);
    this.#answer = undefined;
  }

  #say(envelope: Envelope): void {
    this.#options.lease.session.say(envelope);
  }
}
