// Pages of lists that came too late for whoever had asked: they are shown when their server is late again.

import { createHash } from "node:crypto";
import type { Memory } from "../../channel/memory.ts";
import type { OfferList } from "../offer_list.ts";
import type { Page } from "./page.ts";

/** How many are kept. */
export const MAX_PAGES_KEPT = 256;

/** Which page of which list. */
export interface PagePlace {
  readonly server: string;
  readonly list: OfferList;
  /** Absent at the beginning. */
  readonly cursor?: string;
}

interface Kept {
  readonly page: Page;
  readonly bytes: number;
  /** By which it is seen that another one says the same. */
  readonly digest: string;
}

/** The late pages of one session. */
export class LatePages {
  readonly #memory: Memory;
  readonly #kept = new Map<string, Kept>();

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** What came too late the last time. */
  find(place: PagePlace): Page | undefined {
    return this.#kept.get(keyOf(place))?.page;
  }

  /** Keeps a page, where there is room; `false` where it says what is kept already. */
  keep(place: PagePlace, page: Page): boolean {
    const key = keyOf(place);
    const digest = digestOf(page);
    if (this.#kept.get(key)?.digest === digest) return false;
    this.forget(place);
    if (this.#kept.size >= MAX_PAGES_KEPT || this.#memory.full) return false;
    const bytes = page.items.reduce((sum, { json }) => sum + json.length, 0);
    this.#memory.add(bytes);
    this.#kept.set(key, { page, bytes, digest });
    return true;
  }

  /** The page has come in time. */
  forget(place: PagePlace): void {
    const key = keyOf(place);
    this.#memory.add(-(this.#kept.get(key)?.bytes ?? 0));
    this.#kept.delete(key);
  }
}

function keyOf({ server, list: { method }, cursor = "" }: PagePlace): string {
  return `${server}\n${method}\n${cursor}`;
}

function digestOf({ items, nextCursor = "" }: Page): string {
  const hash = createHash("sha256").update(nextCursor);
  for (const { json } of items) hash.update(json);
  return hash.digest("base64");
}
