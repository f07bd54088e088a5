// What a legacy server has asked in the middle of a call, until the client has answered.

import { Envelope } from "../../channel/envelope.ts";
import type { Memory } from "../../channel/memory.ts";
import { requestIdOf } from "../../channel/named_ids.ts";
import { memberOf, withMembers } from "../../channel/object_members.ts";
import { idKey, RPC_CODES } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { QUESTIONS } from "./needed_capability.ts";

/** One question, as the client is asked it. */
export interface Question {
  /** Unique in its call, also over several rounds. */
  readonly key: string;
  readonly method: string;
  /** JSON text of its parameters. */
  readonly params?: Uint8Array;
}

interface Open extends Question {
  /** The server's own. */
  readonly id: RequestId;
  /** What it takes up while it waits, in bytes. */
  readonly weight: number;
}

/** The answers of a client by their keys, as JSON text (2026-07-28 `basic/patterns/mrtr` § InputResponses). */
export type InputResponses = ReadonlyMap<string, Uint8Array>;

/** Code of an answer for a question that nobody will answer. */
const GIVEN_UP_CODE = RPC_CODES.internalError;

/** The questions of one call, within the bounds of its session. */
export class Questions {
  readonly #limit: number;
  readonly #memory: Memory;
  readonly #open = new Map<string, Open>();
  #count = 0;

  /**
   * @param limit how many may be open at once
   * @param memory where they are accounted for; while it is full, none is taken
   */
  constructor(limit: number, memory: Memory) {
    this.#limit = limit;
    this.#memory = memory;
  }

  /** Whether nothing was asked yet. */
  get isUnused(): boolean {
    return this.#count === 0;
  }

  /** Those that wait for an answer, in their order. */
  get open(): readonly Question[] {
    return [...this.#open.values()];
  }

  /** Takes a question; `false` where there is no room for it. */
  add(question: Envelope): boolean {
    if (this.#open.size >= this.#limit || this.#memory.full) return false;
    const { head, bytes, weight } = question;
    const method = head.method as string;
    const id = head.id as RequestId;
    const key = `${QUESTIONS.get(method)}_${++this.#count}`;
    const asked = memberOf(bytes, "params");
    const params = asked && forModern(asked);
    this.#close(idKey(id));
    this.#open.set(idKey(id), { key, method, id, weight, params });
    this.#memory.add(weight);
    return true;
  }

  /** The server takes one back. */
  takeBack(cancelled: Envelope): void {
    const id = requestIdOf(cancelled);
    if (id !== undefined) this.#close(idKey(id));
  }

  /** Takes the answers that the client has given; returns what the server is told. */
  answer(responses: InputResponses): Envelope[] {
    return [...this.#open.values()].flatMap(({ key, id }) => {
      const result = responses.get(key);
      if (!result) return [];
      this.#close(idKey(id));
      return [answered(id, result)];
    });
  }

  /** Nobody will answer; returns what the server is told. */
  giveUp(): Envelope[] {
    return this.#closeAll().map(({ id, method }) =>
      method === "elicitation/create"
        ? Envelope.result(id, { action: "cancel" })
        : Envelope.error(id, {
          code: GIVEN_UP_CODE,
          message: "The client did not answer",
        })
    );
  }

  /** The server does not wait for answers any more. */
  forget(): void {
    this.#closeAll();
  }

  #closeAll(): Open[] {
    const left = [...this.#open.values()];
    for (const { id } of left) this.#close(idKey(id));
    return left;
  }

  #close(key: string): void {
    const open = this.#open.get(key);
    if (!open) return;
    this.#open.delete(key);
    this.#memory.add(-open.weight);
  }
}

/** What this era does not have is left out: an id that would be named when the user has been there, and progress of the client's work. */
function forModern(params: Uint8Array): Uint8Array {
  const meta = memberOf(params, "_meta");
  const kept = meta && withMembers(meta, { progressToken: undefined });
  return withMembers(params, {
    elicitationId: undefined,
    task: undefined,
    ...(kept && { _meta: kept }),
  }) ?? params;
}

function answered(id: RequestId, result: Uint8Array): Envelope {
  const { bytes } = Envelope.result(id, {});
  return Envelope.read(withMembers(bytes, { result }) as Uint8Array);
}
