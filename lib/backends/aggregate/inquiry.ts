// Asks the servers of a root session for a list, for so long and no longer; who is late is heard all the same.

import { createHash } from "node:crypto";
import { within } from "../../channel/within.ts";
import { asGatewayError, GatewayError } from "../../errors.ts";
import type { Member } from "./member.ts";
import type { OfferList } from "../offer_list.ts";
import { pageIn } from "./page.ts";
import type { Page } from "./page.ts";

/** How long a list waits for the servers, those included that have to be started for it. */
export const LIST_LIMIT_MS = 5_000;

/** What one server had to say. */
export type Reply =
  | { readonly kind: "page"; readonly page: Page }
  | { readonly kind: "missing"; readonly reason: GatewayError };

/** A list of one server that came too late for whoever asked: it is shown when it is late again. */
interface Late {
  readonly page: Page;
  /** By which it is seen that another one says the same. */
  readonly digest: string;
}

/** The lists of the servers of one session. */
export class Inquiry {
  readonly #onNews: (list: OfferList) => void;
  readonly #late = new Map<string, Late>();
  /** Those whose answer the client has not seen: what it is told of when they come. */
  readonly #missed = new Map<Member, Set<OfferList>>();

  /** @param onNews called when a list that was answered without a server would now have it */
  constructor(onNews: (list: OfferList) => void) {
    this.#onNews = onNews;
  }

  /** A page of a server's list, from its beginning or at its own cursor; nothing where it has no such list. */
  async ask(
    member: Member,
    list: OfferList,
    cursor?: string,
  ): Promise<Reply | undefined> {
    const asked = this.#ask(member, list, cursor);
    const inTime = await within(asked, LIST_LIMIT_MS);
    if (inTime) return this.#seen(member, list, await asked);
    void asked.then((reply) => this.#cameLate(member, list, cursor, reply));
    const known = cursor === undefined
      ? this.#late.get(keyOf(member, list))
      : undefined;
    if (known) return { kind: "page", page: known.page };
    return this.#miss(member, list, tooLate(member, list));
  }

  /** A server has begun to work: what it was missed in has changed. */
  ready(member: Member): void {
    const lists = this.#missed.get(member);
    this.#missed.delete(member);
    for (const list of lists ?? []) this.#onNews(list);
  }

  /** Never rejects. */
  async #ask(
    member: Member,
    list: OfferList,
    cursor: string | undefined,
  ): Promise<Reply | undefined> {
    await member.start();
    if (!member.ready) {
      const reason = member.failure ?? tooLate(member, list);
      return this.#miss(member, list, reason);
    }
    const { capabilities } = member.introduction;
    if (capabilities[list.capability] === undefined) return undefined;
    try {
      const params = cursor === undefined ? {} : { cursor };
      const answer = await member.ask(list.method, params);
      return { kind: "page", page: pageIn(answer, list, member.name) };
    } catch (error) {
      member.doubt();
      return this.#miss(member, list, asGatewayError(error));
    }
  }

  /** What has come in time is what the client knows from now on. */
  #seen(
    member: Member,
    list: OfferList,
    reply: Reply | undefined,
  ): Reply | undefined {
    if (reply?.kind !== "page") return reply;
    this.#late.delete(keyOf(member, list));
    this.#missed.get(member)?.delete(list);
    return reply;
  }

  #miss(member: Member, list: OfferList, reason: GatewayError): Reply {
    const lists = this.#missed.get(member) ?? new Set();
    this.#missed.set(member, lists.add(list));
    return { kind: "missing", reason };
  }

  #cameLate(
    member: Member,
    list: OfferList,
    cursor: string | undefined,
    reply: Reply | undefined,
  ): void {
    if (reply?.kind !== "page" || cursor !== undefined) return;
    const { page } = reply;
    const key = keyOf(member, list);
    const digest = digestOf(page);
    const isNews = this.#late.get(key)?.digest !== digest;
    this.#late.set(key, { page, digest });
    this.#missed.get(member)?.delete(list);
    if (isNews) this.#onNews(list);
  }
}

function digestOf({ items, nextCursor = "" }: Page): string {
  const hash = createHash("sha256").update(nextCursor);
  for (const { json } of items) hash.update(json);
  return hash.digest("base64");
}

function keyOf({ name }: Member, { method }: OfferList): string {
  return `${name}\n${method}`;
}

function tooLate({ name }: Member, { method }: OfferList): GatewayError {
  const limitS = LIST_LIMIT_MS / 1_000;
  return new GatewayError(
    "backend_timeout",
    `Server "${name}" did not answer ${method} within ${limitS} s`,
  );
}
