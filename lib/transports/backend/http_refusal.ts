// What a backend's HTTP error means to the request it answers.

import type { Envelope } from "../../channel/envelope.ts";
import { MEDIA } from "../../protocol/headers.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { readMessages } from "../read_messages.ts";
import type { HttpAnswer } from "./http_answer.ts";
import { badStatus, sessionLost, WrongTransport } from "./http_failures.ts";

/** The statuses by which a server says that it knows no Streamable HTTP at this url (S1125 `basic/transports` § Backwards Compatibility). */
const WRONG_TRANSPORT_STATUSES: readonly number[] = [400, 404, 405];

const BAD_REQUEST = 400;

/**
 * The answer to `request` in the body of an HTTP error, as the backend wrote it.
 * Without one throws what the status means; `WrongTransport` where it refuses the
 * handshake in a way that lets another transport be tried, `SessionLost` where it
 * does not know the session.
 */
export async function answerInRefusal(
  name: string,
  request: Envelope,
  refusal: HttpAnswer,
  maxBytes: number,
): Promise<Envelope> {
  const id = request.head.id as RequestId;
  const messages = await messagesIn(refusal, id, maxBytes);
  const answer = messages.find(({ head }) =>
    head.kind === "response" && head.id === id
  );
  if (answer) return answer;
  const { status } = refusal;
  const { fault, message } = badStatus(name, status);
  const isHandshake = request.head.method === METHODS.initialize;
  if (isHandshake && WRONG_TRANSPORT_STATUSES.includes(status)) {
    throw new WrongTransport(fault, message);
  }
  const isLost = !isHandshake && status === BAD_REQUEST &&
    messages.some(tellsOfUnknownSession);
  throw isLost ? sessionLost(name, id) : badStatus(name, status);
}

/**
 * Servers built after the examples of the official SDK say so with 400 in place of 404, and
 * an error that answers no request: "Bad Request: No valid session ID provided".
 */
function tellsOfUnknownSession(envelope: Envelope): boolean {
  const { id, error } = envelope.message();
  return (id === null || id === undefined) &&
    /\bsession\b/i.test(String(error?.message));
}

/** The messages in the body of an HTTP error; none where it is something else. */
export async function messagesIn(
  refusal: HttpAnswer,
  id: RequestId,
  maxBytes: number,
): Promise<Envelope[]> {
  if (refusal.media !== MEDIA.json) {
    await refusal.discard();
    return [];
  }
  try {
    return readMessages(await refusal.read(maxBytes), id);
  } catch {
    return []; // Broken, or no message: the status says enough.
  }
}
