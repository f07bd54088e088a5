// The client's roots: asked for once, told to every server that wants to know.

import { Envelope } from "../../channel/envelope.ts";
import { memberText } from "../../channel/member_places.ts";
import type { MemberPath } from "../../channel/member_places.ts";
import { replacedMembers } from "../../channel/replaced_members.ts";
import { GatewayError } from "../../errors.ts";
import { idKey } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { ownRequest } from "../own_messages.ts";
import type { Handshake } from "./company.ts";
import type { Member } from "./member.ts";

/** The request by which servers ask (2025-11-25 `client/roots`). */
export const ROOTS_LIST = "roots/list";

/** How many questions wait for one answer of the client. */
const MAX_WAITING = 1_000;

const ID: MemberPath = ["id"];

/** Whether a client tells of changes: only then what it has said once can be said again. */
export type RootsCaching = "until changed" | "not at all";

/** What the client has declared of it. */
export function rootsCachingOf({ params }: Handshake): RootsCaching {
  const { roots } = (params?.capabilities ?? {}) as {
    roots?: { listChanged?: unknown };
  };
  return roots?.listChanged === true ? "until changed" : "not at all";
}

interface Question {
  readonly member: Member;
  readonly key: string;
  readonly envelope: Envelope;
}

/** The roots of one session's client. */
export class ClientRoots {
  readonly #ask: (question: Envelope) => void;
  /** Those that wait for the answer under way, and those that came after a change: it may not know of that. */
  #waiting: Question[] = [];
  #next: Question[] = [];
  #asked?: string;
  #isStale = false;
  #answer?: Envelope;

  /** @param ask takes the one question for the client */
  constructor(ask: (question: Envelope) => void) {
    this.#ask = ask;
  }

  /** Takes a server's question. */
  want(member: Member, envelope: Envelope): void {
    const id = envelope.head.id as RequestId;
    const question = { member, key: idKey(id), envelope };
    if (this.#answer) return reply(question, this.#answer);
    if (this.#waiting.length + this.#next.length >= MAX_WAITING) {
      const reason = new GatewayError("overloaded", "Too many questions wait");
      return member.say(Envelope.failure(id, reason));
    }
    (this.#isStale ? this.#next : this.#waiting).push(question);
    if (this.#asked === undefined) this.#askFor(question);
  }

  /** A server takes its question back; `false` where it has asked none with this id. */
  takeBack(member: Member, id: RequestId | undefined): boolean {
    if (id === undefined) return false;
    const key = idKey(id);
    const isOther = (one: Question) => one.member !== member || one.key !== key;
    const before = this.#waiting.length + this.#next.length;
    this.#waiting = this.#waiting.filter(isOther);
    this.#next = this.#next.filter(isOther);
    return this.#waiting.length + this.#next.length < before;
  }

  /** Takes the client's answer; `false` where it answers something else. */
  takesAnswer(answer: Envelope, caching: RootsCaching): boolean {
    const { id, failed } = answer.head;
    if (this.#asked === undefined || this.#asked !== idKey(id as RequestId)) {
      return false;
    }
    this.#asked = undefined;
    const isKept = !failed && !this.#isStale && caching === "until changed";
    if (isKept) this.#answer = answer;
    for (const question of this.#waiting) reply(question, answer);
    this.#waiting = this.#next;
    this.#next = [];
    this.#isStale = false;
    const [first] = this.#waiting;
    if (first) this.#askFor(first);
    return true;
  }

  /** The client has other roots now. */
  changed(): void {
    this.#answer = undefined;
    this.#isStale = this.#asked !== undefined;
  }

  #askFor({ envelope }: Question): void {
    const request = ownRequest(ROOTS_LIST);
    this.#asked = idKey(request.head.id as RequestId);
    this.#ask(request.relating(envelope.relatesTo));
  }
}

function reply({ member, envelope }: Question, answer: Envelope): void {
  const json = memberText(envelope.bytes, ID) as string;
  member.say(replacedMembers(answer, [{ path: ID, json }]));
}
