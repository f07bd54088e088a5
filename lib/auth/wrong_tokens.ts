// How many wrong tokens came from where, of late.

import { networkOf } from "./network_of.ts";
import { Newest } from "./newest.ts";

/** More than these from one address within the window are slowed down. */
export const MAX_WRONG_TOKENS = 60;

/** From the first of them. */
export const WINDOW_MS = 60_000;

/** How many addresses are remembered; beyond it the one is forgotten that was heard of the longest ago. */
export const MAX_ADDRESSES = 4_096;

/** The wrong tokens of one address. */
interface Count {
  /** When its window began, in milliseconds. */
  readonly since: number;
  readonly tokens: number;
}

/** Counts wrong tokens by the address they come from; that of IPv6 by its network. */
export class WrongTokens {
  readonly #now: () => number;
  readonly #counts = new Newest<Count>(MAX_ADDRESSES);

  /** @param now in milliseconds, from any moment on */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** How many addresses are remembered. */
  get addresses(): number {
    return this.#counts.size;
  }

  /** Whether there were too many from there. */
  isOver(address: string): boolean {
    if (this.#counts.size === 0) return false;
    const known = this.#counts.get(networkOf(address));
    return known !== undefined && known.tokens >= MAX_WRONG_TOKENS &&
      this.#now() - known.since < WINDOW_MS;
  }

  /** Notes one more. How long to wait before the next, in milliseconds; 0 where there were not too many. */
  note(address: string): number {
    const now = this.#now();
    const network = networkOf(address);
    const known = this.#counts.get(network);
    const isNew = known === undefined || now - known.since >= WINDOW_MS;
    const { since, tokens } = isNew ? { since: now, tokens: 0 } : known;
    this.#counts.set(network, { since, tokens: tokens + 1 });
    return tokens < MAX_WRONG_TOKENS ? 0 : since + WINDOW_MS - now;
  }
}
