// Gives the requests of a server started anew ids that none before it has used: an answer to a dead one finds nobody.

import { randomBytes } from "node:crypto";
import type { Envelope } from "../channel/envelope.ts";
import { memberText } from "../channel/member_places.ts";
import type { MemberPath } from "../channel/member_places.ts";
import {
  ASKED_PROGRESS_TOKEN,
  askedProgressToken,
  PROGRESS_TOKEN,
  progressTokenOf,
  REQUEST_ID,
  requestIdOf,
} from "../channel/named_ids.ts";
import { replacedMembers } from "../channel/replaced_members.ts";
import { METHODS } from "../protocol/methods.ts";
import { idKey } from "../protocol/messages.ts";
import type { RequestId } from "../protocol/messages.ts";

const NAME_BYTES = 12;

const ID: MemberPath = ["id"];

/** An id of the server's. */
interface Own {
  readonly key: string;
  /** Its JSON text, as the server wrote it. */
  readonly text: string;
}

/** The names that the client knows the open requests of one life of a server by; as many as the bridge lets be open. */
export class RenamedRequests {
  readonly #prefix = randomBytes(NAME_BYTES).toString("base64url");
  readonly #maxTokens: number;
  readonly #owns = new Map<string, Own>();
  /** The names by the keys of the server's ids. */
  readonly #names = new Map<string, string>();
  /** The texts of the server's progress tokens by their names: a task may go on after its request was answered. */
  readonly #tokens = new Map<string, string>();
  #count = 0;

  /** @param maxTokens how many progress tokens are remembered; beyond it the oldest is forgotten */
  constructor(maxTokens: number) {
    this.#maxTokens = maxTokens;
  }

  /** A message of the server as the client is to know it; nothing when the client cannot know what it is about. */
  outward(envelope: Envelope): Envelope | undefined {
    const { kind, id, method } = envelope.head;
    if (kind === "request") return this.#ask(envelope, id as RequestId);
    if (method === METHODS.cancelled) return this.#takeBack(envelope);
    return envelope;
  }

  /** A message of the client as the server is to know it; nothing when it is meant for another server. */
  inward(envelope: Envelope): Envelope | undefined {
    const { kind, id, method } = envelope.head;
    if (kind === "response") return this.#answer(envelope, String(id));
    if (method !== METHODS.progress) return envelope;
    const json = this.#tokens.get(String(progressTokenOf(envelope)));
    if (json === undefined) return undefined;
    return replacedMembers(envelope, [{ path: PROGRESS_TOKEN, json }]);
  }

  #ask(envelope: Envelope, id: RequestId): Envelope {
    const key = idKey(id);
    const name = this.#newName();
    this.#owns.set(name, {
      key,
      text: memberText(envelope.bytes, ID) as string,
    });
    this.#names.set(key, name);
    const replacements = [{ path: ID, json: JSON.stringify(name) }];
    if (askedProgressToken(envelope) !== undefined) {
      const json = JSON.stringify(this.#rememberToken(envelope));
      replacements.push({ path: ASKED_PROGRESS_TOKEN, json });
    }
    return replacedMembers(envelope, replacements);
  }

  #takeBack(envelope: Envelope): Envelope | undefined {
    const id = requestIdOf(envelope);
    const name = id === undefined ? undefined : this.#names.get(idKey(id));
    if (name === undefined) return undefined;
    this.#forget(name);
    const json = JSON.stringify(name);
    return replacedMembers(envelope, [{ path: REQUEST_ID, json }]);
  }

  #answer(envelope: Envelope, name: string): Envelope | undefined {
    const own = this.#owns.get(name);
    if (!own) return undefined;
    this.#forget(name);
    return replacedMembers(envelope, [{ path: ID, json: own.text }]);
  }

  #forget(name: string): void {
    const key = this.#owns.get(name)?.key ?? "";
    this.#owns.delete(name);
    if (this.#names.get(key) === name) this.#names.delete(key);
  }

  #rememberToken(envelope: Envelope): string {
    const name = this.#newName();
    this.#tokens.set(
      name,
      memberText(envelope.bytes, ASKED_PROGRESS_TOKEN) as string,
    );
    const [oldest] = this.#tokens.keys();
    if (this.#tokens.size > this.#maxTokens) {
      this.#tokens.delete(oldest as string);
    }
    return name;
  }

  #newName(): string {
    return `${this.#prefix}-${++this.#count}`;
  }
}
