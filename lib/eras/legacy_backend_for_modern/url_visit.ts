// A request that a legacy server does not take before its user has opened a url: the client is asked to, and runs it anew.

import type { Envelope } from "../../channel/envelope.ts";
import { itemsOf } from "../../channel/json_parts.ts";
import { memberOf, withMembers } from "../../channel/object_members.ts";
import { asGatewayError, GatewayError } from "../../errors.ts";
import type { Principal } from "../../principal.ts";
import { failureFor, LEGACY_CODES } from "./answers.ts";
import type { Asker } from "./asker.ts";
import type { BridgedRequest } from "./bridged_request.ts";
import { inputRequired, mayRequireInput } from "./input_required.ts";
import type { Introduction } from "./introduction.ts";
import { missingCapability } from "./needed_capability.ts";
import type { InputResponses, Question } from "./questions.ts";
import { undeclared } from "./refusals.ts";
import type { Resumable, Tickets } from "./tickets.ts";

/** Where a visit takes place. */
export interface VisitOptions {
  readonly owner: Principal;
  readonly tickets: Tickets;
  readonly introduction?: Introduction;
}

const METHOD = "elicitation/create";
/** More is no list of urls; it would have to be kept until the client comes back. */
const MAX_BYTES = 64 * 1024;
const decoder = new TextDecoder();

/** What an error answer asks for (2025-11-25 `client/elicitation` § URL Elicitation Required Error); nothing where it is another answer. */
export function urlVisit(
  answer: Envelope,
  request: BridgedRequest,
  options: VisitOptions,
): UrlVisit | undefined {
  if (!answer.head.failed || !mayRequireInput(request.method)) return undefined;
  const code = answer.message().error?.code;
  const isAsked = code === LEGACY_CODES.urlElicitationRequired;
  if (!isAsked || answer.bytes.length > MAX_BYTES) return undefined;
  const questions = questionsIn(answer.bytes);
  return questions.length === 0 ? undefined : new UrlVisit(questions, options);
}

/** The urls of one such answer. Nothing of the request is under way. */
export class UrlVisit implements Resumable {
  readonly owner: Principal;
  readonly #options: VisitOptions;
  #questions: readonly Question[];

  constructor(questions: readonly Question[], options: VisitOptions) {
    this.owner = options.owner;
    this.#questions = questions;
    this.#options = options;
  }

  /** Asks the client of an exchange, which ends with it. */
  ask(asker: Asker): void {
    const { request } = asker;
    const { tickets, introduction } = this.#options;
    const asked = { mode: "url" };
    const missing = missingCapability(METHOD, asked, request.capabilities);
    if (missing) return asker.answer(failureFor(request, undeclared(missing)));
    try {
      const { state } = tickets.give(this, request);
      const open = this.#questions;
      asker.answer(inputRequired(request, open, state, introduction));
    } catch (error) {
      asker.answer(failureFor(request, asGatewayError(error)));
    }
  }

  resume(asker: Asker, responses: InputResponses): void {
    const answers = this.#questions.map(({ key }) => responses.get(key));
    if (answers.some(isDeclined)) {
      return asker.answer(failureFor(asker.request, declined()));
    }
    this.#questions = this.#questions.filter((_one, at) => !answers[at]);
    if (this.#questions.length > 0) this.ask(asker);
    else asker.run();
  }

  expire(): void {
    // There is nothing that would have to be ended.
  }
}

function questionsIn(bytes: Uint8Array): Question[] {
  const error = memberOf(bytes, "error");
  const data = error && memberOf(error, "data");
  const list = data && memberOf(data, "elicitations");
  if (!list) return [];
  return (itemsOf(list) ?? []).flatMap((span, at) => {
    const params = withMembers(list.subarray(...span), {
      elicitationId: undefined,
      mode: '"url"',
    });
    const key = `elicitation_${at + 1}`;
    return params ? [{ key, method: METHOD, params }] : [];
  });
}

function isDeclined(response: Uint8Array | undefined): boolean {
  if (!response) return false;
  const action = memberOf(response, "action");
  return !action || decoder.decode(action) !== '"accept"';
}

function declined(): GatewayError {
  return new GatewayError(
    "invalid_state",
    "The server does not do this before its url was opened, and it was not",
  );
}
