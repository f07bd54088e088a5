// Finds who offers what a request names, and asks all servers for their lists where nobody is known to.

import type { Listing } from "./listing.ts";
import type { Target } from "./naming.ts";
import type { OfferKind } from "../../principal.ts";
import { OFFER_LISTS } from "../offer_list.ts";
import type { OfferList } from "../offer_list.ts";
import type { Named } from "./named.ts";
import type { Register } from "./register.ts";

/** Names that nobody has do not make the gateway ask more often than this. */
const ASK_AGAIN_MS = 5_000;

/** A list that goes on for longer is not read to its end. */
export const MAX_PAGES = 500;

/** The searches of one session. */
export class Finder {
  readonly #register: Register;
  readonly #listing: Listing;
  readonly #searches = new Map<OfferKind, Promise<void>>();
  readonly #notBefore = new Map<OfferKind, number>();

  constructor(register: Register, listing: Listing) {
    this.#register = register;
    this.#listing = listing;
  }

  /** What a request names, as far as that is known. */
  known(named: Named): Target | undefined {
    return this.#register.find(named);
  }

  /** What a request names; nothing where no server lists it. */
  async find(named: Named): Promise<Target | undefined> {
    const known = this.known(named);
    if (known || !this.#register.couldBeListed(named)) return known;
    await this.#search(named.kind);
    return this.known(named);
  }

  /** Lists have changed: it is worth while to ask again. */
  forget(): void {
    this.#notBefore.clear();
  }

  #search(kind: OfferKind): Promise<void> {
    const underWay = this.#searches.get(kind);
    if (underWay) return underWay;
    if (performance.now() < (this.#notBefore.get(kind) ?? 0)) {
      return Promise.resolve();
    }
    const search = Promise.all(listsOf(kind).map((list) => this.#read(list)))
      .then(() => {
        this.#searches.delete(kind);
        this.#notBefore.set(kind, performance.now() + ASK_AGAIN_MS);
      });
    this.#searches.set(kind, search);
    return search;
  }

  /** What is listed is noted on the way. */
  async #read(list: OfferList): Promise<void> {
    let { next } = await this.#listing.part(list);
    for (let page = 1; next && page < MAX_PAGES; page++) {
      ({ next } = await this.#listing.part(list, next));
    }
  }
}

function listsOf(kind: OfferKind): OfferList[] {
  return [...OFFER_LISTS.values()].filter((list) => list.kind === kind);
}
