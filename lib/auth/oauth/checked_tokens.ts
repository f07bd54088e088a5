// Signed tokens that were found good: to check a signature takes longer than to carry a call.

import type { JSONWebKeySet } from "../../../deps.ts";
import { fingerprint } from "../../secret.ts";
import type { ValidToken } from "./claims.ts";

/** The most that are remembered; one more takes the place of the one that came the longest ago. */
export const MAX_CHECKED = 4_096;

/** A token that was found good. */
export interface Checked {
  readonly token: ValidToken;
  /** By these of the issuer; with others it has to be checked again. */
  readonly keys: JSONWebKeySet;
  /** For one of these, which are those of a door. */
  readonly audiences: readonly string[];
}

/** The good tokens of one issuer; nothing of a token is kept but its claims. */
export class CheckedTokens {
  /** By token and door, the one that came the longest ago first. */
  readonly #good = new Map<string, Checked>();

  /** How many are remembered. */
  get size(): number {
    return this.#good.size;
  }

  /** What the token was found to be for these audiences, and by which keys; nothing where its time is over. */
  find(token: string, audiences: readonly string[]): Checked | undefined {
    const key = keyOf(token, audiences);
    const known = this.#good.get(key);
    if (known?.audiences !== audiences) return undefined;
    if ((known.token.expires ?? 0) <= Date.now()) return undefined;
    this.#good.delete(key);
    this.#good.set(key, known);
    return known;
  }

  /** Remembers a good one. */
  add(token: string, checked: Checked): void {
    const key = keyOf(token, checked.audiences);
    this.#good.delete(key);
    this.#good.set(key, checked);
    if (this.#good.size <= MAX_CHECKED) return;
    const [oldest = ""] = this.#good.keys();
    this.#good.delete(oldest);
  }
}

function keyOf(token: string, [own = ""]: readonly string[]): string {
  return fingerprint(`${own} ${token}`);
}
