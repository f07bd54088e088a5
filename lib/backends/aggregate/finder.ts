// Finds who offers what a request names, and asks all servers for their lists where nobody is known to.

import { within } from "../../channel/within.ts";
import type { OfferKind } from "../../principal.ts";
import { OFFER_LISTS } from "../offer_list.ts";
import type { OfferList } from "../offer_list.ts";
import type { Inquiry } from "./inquiry.ts";
import type { Member } from "./member.ts";
import type { Named } from "./named.ts";
import type { Target } from "./naming.ts";
import type { Page } from "./page.ts";
import type { Register } from "./register.ts";

/** How long all servers are listened to. */
export const SEARCH_LIMIT_MS = 5_000;

/** Names that nobody has do not make the gateway ask more often than this. */
const ASK_AGAIN_MS = 5_000;

/** How many pages of one server's list are read. */
export const MAX_PAGES = 100;

/** Where is looked. */
export interface Searched {
  /** In the order of the file. */
  readonly members: readonly Member[];
  readonly register: Register;
}

/** The searches of one session. */
export class Finder {
  readonly #searched: Searched;
  readonly #inquiry: Inquiry;
  readonly #searches = new Map<OfferKind, Promise<void>>();
  readonly #notBefore = new Map<OfferKind, number>();

  constructor(searched: Searched, inquiry: Inquiry) {
    this.#searched = searched;
    this.#inquiry = inquiry;
  }

  /** What a request names; nothing where no server lists it. */
  async find(named: Named): Promise<Target | undefined> {
    const { register } = this.#searched;
    const known = register.find(named);
    if (known || !register.couldBeListed(named)) return known;
    await this.#search(named.kind);
    return register.find(named);
  }

  /** Lists have changed: it is worth while to ask again, also beside a search that has begun before. */
  forget(): void {
    this.#searches.clear();
    this.#notBefore.clear();
  }

  #search(kind: OfferKind): Promise<void> {
    const underWay = this.#searches.get(kind);
    if (underWay) return underWay;
    if (performance.now() < (this.#notBefore.get(kind) ?? 0)) {
      return Promise.resolve();
    }
    const lists = [...OFFER_LISTS.values()].filter((one) => one.kind === kind);
    const search = Promise.all(lists.map((list) => this.#read(list)))
      .then(() => {
        if (this.#searches.get(kind) !== search) return;
        this.#searches.delete(kind);
        this.#notBefore.set(kind, performance.now() + ASK_AGAIN_MS);
      });
    this.#searches.set(kind, search);
    return search;
  }

  /** What has come in time is noted in the order of the file, as in a list. */
  async #read(list: OfferList): Promise<void> {
    const { register } = this.#searched;
    const members = [...this.#searched.members];
    const end = { isOver: false };
    const found = members.map((): Page[] => []);
    const read = members.map((member, at) =>
      this.#readFrom(member, list, found[at] as Page[], end)
    );
    await within(Promise.all(read), SEARCH_LIMIT_MS);
    end.isOver = true;
    for (const [at, { name }] of members.entries()) {
      for (const { items } of found[at] as Page[]) {
        for (const item of items) register.shown(item, list, name);
      }
    }
  }

  async #readFrom(
    member: Member,
    list: OfferList,
    pages: Page[],
    end: { readonly isOver: boolean },
  ): Promise<void> {
    let cursor: string | undefined;
    while (pages.length < MAX_PAGES && !end.isOver) {
      const reply = await this.#inquiry.ask(member, list, { cursor });
      if (reply.kind !== "page" || end.isOver) return;
      pages.push(reply.page);
      const { nextCursor } = reply.page;
      if (nextCursor === undefined || nextCursor === cursor) return;
      cursor = nextCursor;
    }
  }
}
