// What a client of the modern era is asked in the middle of a call, and how it answers (2026-07-28 `basic/patterns/mrtr`).

import { identityOf } from "../calls.ts";
import type { Outcome } from "../pending_calls.ts";
import type { Described } from "./envelope.ts";

/** A result that asks. */
export interface InputRequired {
  readonly inputRequests?: Readonly<
    Record<
      string,
      {
        readonly method: string;
        readonly params?: {
          readonly metadata?: { readonly client: string; nonce: string };
        };
      }
    >
  >;
  readonly requestState?: string;
}

/** The questions, where an answer is one that asks. */
export function inputRequiredIn(outcome: Outcome): InputRequired | undefined {
  if (outcome.kind !== "result") return undefined;
  const result = outcome.result as InputRequired & { resultType?: string };
  return result.resultType === "input_required" ? result : undefined;
}

/** What `client` answers, and what is wrong with the questions: each has to be for its call with this nonce. */
export function answersTo(
  { inputRequests = {} }: InputRequired,
  client: string,
  nonce: string,
): { readonly responses: object; readonly wrong?: string } {
  const asked = Object.entries(inputRequests);
  const [foreign] = asked.filter(([, { method, params }]) =>
    method !== "sampling/createMessage" ||
    params?.metadata?.client !== client || params.metadata.nonce !== nonce
  );
  const text = identityOf(client, nonce);
  const content = { type: "text", text };
  const answer = { role: "assistant", content, model: "soak" };
  const responses = Object.fromEntries(asked.map(([key]) => [key, answer]));
  if (asked.length === 0) return { responses, wrong: "no question" };
  if (!foreign) return { responses };
  const wrong = `a question that is not for ${nonce}: ${
    JSON.stringify(foreign)
  }`;
  return { responses, wrong };
}

/** The same request once more, with another id. */
export function retryOf(
  { method, params }: Described,
  id: string | number,
  requestState: string | undefined,
  inputResponses: object | undefined,
): Described {
  const { inputResponses: _before, ...kept } = params;
  return {
    ...{ jsonrpc: "2.0" },
    id,
    method,
    params: {
      ...kept,
      ...(requestState !== undefined && { requestState }),
      ...(inputResponses && { inputResponses }),
    },
  };
}
