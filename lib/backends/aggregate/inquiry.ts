// Asks the servers of a root session for a list, for so long and no longer; who is late is heard all the same.

import { within } from "../../channel/within.ts";
import { asGatewayError, GatewayError } from "../../errors.ts";
import { RPC_CODES } from "../../protocol/messages.ts";
import { OFFER_LISTS } from "../offer_list.ts";
import type { OfferList } from "../offer_list.ts";
import type { LatePages, PagePlace } from "./late_pages.ts";
import type { Member } from "./member.ts";
import { pageIn } from "./page.ts";
import type { Page } from "./page.ts";
import { refused } from "./refusals.ts";

/** How long a list waits for the servers, those included that have to be started for it. */
export const LIST_LIMIT_MS = 5_000;

/** What one server had to say. */
export type Reply =
  | { readonly kind: "page"; readonly page: Page }
  /** It has no such list. */
  | { readonly kind: "none" }
  /** It could not be asked, or (`"refused"`) has answered with an error. */
  | {
    readonly kind: "missing" | "refused";
    readonly reason: GatewayError;
  };

/** The capabilities whose lists have changed. */
export type OnNews = (capability: OfferList["capability"]) => void;

const NONE: Reply = { kind: "none" };

/** The lists of the servers of one session. */
export class Inquiry {
  readonly #onNews: OnNews;
  readonly #late: LatePages;
  /** By server, the lists that the client was given without it. */
  readonly #missed = new Map<string, Set<OfferList>>();

  /** @param onNews called when a list that was answered without a server would now have it */
  constructor(late: LatePages, onNews: OnNews) {
    this.#late = late;
    this.#onNews = onNews;
  }

  /** A page of a server's list, from its beginning or at its own cursor. Never rejects. */
  async ask(
    member: Member,
    list: OfferList,
    { cursor, limitMs = LIST_LIMIT_MS }: {
      readonly cursor?: string;
      readonly limitMs?: number;
    } = {},
  ): Promise<Reply> {
    const place = { server: member.name, list, cursor };
    const asked = this.#ask(member, list, cursor);
    if (await within(asked, limitMs)) {
      const reply = await asked;
      if (reply.kind === "missing") this.#miss(member, list);
      else this.#answered(member, place);
      return reply;
    }
    void asked.then((reply) => this.#cameLate(member, place, reply));
    this.#miss(member, list);
    const page = this.#late.find(place);
    if (page) return { kind: "page", page };
    return { kind: "missing", reason: tooLate(member, list) };
  }

  /** A server has begun another life: nothing that the client was told of it need be true any more. */
  missed(member: Member): void {
    const capabilities = member.introduction?.capabilities ?? {};
    for (const list of OFFER_LISTS.values()) {
      if (capabilities[list.capability] !== undefined) this.#miss(member, list);
    }
  }

  /** A server is not there any more: what the client was told of it is no longer true. */
  left(member: Member): void {
    this.missed(member);
    this.works(member);
  }

  /** A server works: what it was missed in has changed. */
  works({ name }: Member): void {
    const missed = this.#missed.get(name) ?? [];
    this.#missed.delete(name);
    const capabilities = [...missed].map(({ capability }) => capability);
    for (const one of new Set(capabilities)) this.#onNews(one);
  }

  async #ask(
    member: Member,
    list: OfferList,
    cursor: string | undefined,
  ): Promise<Reply> {
    await member.start();
    const { introduction } = member;
    if (!introduction) {
      const reason = member.failure ?? tooLate(member, list);
      return { kind: "missing", reason };
    }
    if (introduction.capabilities[list.capability] === undefined) return NONE;
    try {
      const params = cursor === undefined ? {} : { cursor };
      const answer = await member.ask(list.method, params);
      // A server has resources without templates, and says so in this way.
      const code = answer.tells ? undefined : answer.message().error?.code;
      if (code === RPC_CODES.methodNotFound) return NONE;
      if (answer.tells) member.doubt();
      else if (answer.head.failed) {
        const reason = refused(member.name, list.method, answer);
        return { kind: "refused", reason };
      }
      return { kind: "page", page: pageIn(answer, list) };
    } catch (error) {
      return { kind: "missing", reason: asGatewayError(error) };
    }
  }

  /** News is what the client was not given, and has not been told of meanwhile. */
  #cameLate(member: Member, place: PagePlace, reply: Reply): void {
    if (reply.kind !== "page" || !this.#late.keep(place, reply.page)) return;
    const { list } = place;
    const isMissed = this.#missed.get(member.name)?.delete(list);
    if (isMissed) this.#onNews(list.capability);
  }

  /** What the client knows from now on. */
  #answered(member: Member, place: PagePlace): void {
    this.#late.forget(place);
    this.#missed.get(member.name)?.delete(place.list);
    member.trust();
  }

  #miss({ name }: Member, list: OfferList): void {
    const lists = this.#missed.get(name) ?? new Set();
    this.#missed.set(name, lists.add(list));
  }
}

function tooLate({ name }: Member, { method }: OfferList): GatewayError {
  const limitS = LIST_LIMIT_MS / 1_000;
  return new GatewayError(
    "backend_timeout",
    `Server "${name}" did not answer ${method} within ${limitS} s`,
  );
}
