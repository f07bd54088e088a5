// The client's roots: asked for once, told to every server that wants to know.

import { Envelope } from "../../channel/envelope.ts";
import { memberText } from "../../channel/member_places.ts";
import type { MemberPath } from "../../channel/member_places.ts";
import { replacedMembers } from "../../channel/replaced_members.ts";
import { GatewayError } from "../../errors.ts";
import { idKey } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { ownRequest } from "../own_messages.ts";
import type { Member } from "./member.ts";

/** The request by which servers ask (2025-11-25 `client/roots`). */
export const ROOTS_LIST = "roots/list";

/** How many questions wait for one answer of the client. */
const MAX_WAITING = 1_000;

const ID: MemberPath = ["id"];

/** Whether a client tells of changes: only then what it has said once can be said again. */
export type RootsCaching = "until changed" | "not at all";

interface Question {
  readonly member: Member;
  readonly id: RequestId;
  /** The id's JSON text, as the server wrote it. */
  readonly text: string;
}

/** The roots of one session's client. */
export class ClientRoots {
  readonly #ask: (question: Envelope) => void;
  readonly #waiting: Question[] = [];
  #asked?: string;
  #answer?: Envelope;

  /** @param ask takes the one question for the client */
  constructor(ask: (question: Envelope) => void) {
    this.#ask = ask;
  }

  /** Takes a server's question. */
  want(member: Member, question: Envelope): void {
    const id = question.head.id as RequestId;
    const text = memberText(question.bytes, ID) as string;
    if (this.#answer) return reply({ member, id, text }, this.#answer);
    if (this.#waiting.length >= MAX_WAITING) {
      const reason = new GatewayError("overloaded", "Too many questions wait");
      return member.say(Envelope.failure(id, reason));
    }
    this.#waiting.push({ member, id, text });
    if (this.#asked !== undefined) return;
    const request = ownRequest(ROOTS_LIST);
    this.#asked = idKey(request.head.id as RequestId);
    this.#ask(request.relating(question.relatesTo));
  }

  /** Takes the client's answer; `false` where it answers something else. */
  takesAnswer(answer: Envelope, caching: RootsCaching): boolean {
    const { id, failed } = answer.head;
    if (this.#asked === undefined || this.#asked !== idKey(id as RequestId)) {
      return false;
    }
    this.#asked = undefined;
    if (!failed && caching === "until changed") this.#answer = answer;
    for (const question of this.#waiting.splice(0)) reply(question, answer);
    return true;
  }

  /** The client has other roots now: an answer under way may not know of them. */
  changed(): void {
    this.#answer = undefined;
  }
}

function reply({ member, text }: Question, answer: Envelope): void {
  member.say(replacedMembers(answer, [{ path: ID, json: text }]));
}
