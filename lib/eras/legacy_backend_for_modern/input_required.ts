// The result by which a client is asked to answer before its request can go on (2026-07-28 `basic/patterns/mrtr`).

import type { Envelope } from "../../channel/envelope.ts";
import { entriesOf, membersOf } from "../../channel/json_parts.ts";
import { memberOf, withMembers } from "../../channel/object_members.ts";
import type { MemberChanges } from "../../channel/object_members.ts";
import { GatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import { resultOf } from "./answers.ts";
import type { BridgedRequest } from "./bridged_request.ts";
import type { Introduction } from "./introduction.ts";
import type { InputResponses, Question } from "./questions.ts";

/** The requests that may be answered so (§ Supported Requests). */
const SUPPORTED: ReadonlySet<string> = new Set([
  METHODS.callTool,
  METHODS.getPrompt,
  METHODS.readResource,
]);

/** Whether a request may be answered so. */
export function mayRequireInput(method: string): boolean {
  return SUPPORTED.has(method);
}

const encoder = new TextEncoder();
const EMPTY = encoder.encode("{}");

/** The result; the retry is to bring `state` back. */
export function inputRequired(
  request: BridgedRequest,
  questions: readonly Question[],
  state: string,
  introduction: Introduction | undefined,
): Envelope {
  const asked = questions.map(({ key, method, params }) =>
    [key, objectOf({ method: JSON.stringify(method), params })] as const
  );
  const result = objectOf({
    inputRequests: objectOf(Object.fromEntries(asked)),
    requestState: JSON.stringify(state),
  });
  return resultOf(request, result, introduction, "input_required");
}

/** What the client answers with the retry. Throws `invalid_params` where that is nothing by keys (§ Error Handling). */
export function inputResponsesIn({ envelope }: BridgedRequest): InputResponses {
  const params = memberOf(envelope.bytes, "params");
  const given = params && memberOf(params, "inputResponses");
  if (!given) return new Map();
  const members = membersOf(given);
  if (!members) throw unreadable();
  return new Map([...members].map(([key, span]) => {
    const response = given.subarray(...span);
    if (!entriesOf(response)) throw unreadable();
    return [key, response];
  }));
}

function objectOf(members: MemberChanges): Uint8Array {
  return withMembers(EMPTY, members) as Uint8Array;
}

function unreadable(): GatewayError {
  return new GatewayError(
    "invalid_params",
    "params.inputResponses is no object of objects",
  );
}
