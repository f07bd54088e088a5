// Signed tokens that were found good: to check a signature takes longer than to carry a call.

import type { JSONWebKeySet } from "../../../deps.ts";
import { fingerprint } from "../../secret.ts";
import { Newest } from "../newest.ts";
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
  /** By token and door. */
  readonly #good = new Newest<Checked>(MAX_CHECKED);

  /** How many are remembered. */
  get size(): number {
    return this.#good.size;
  }

  /** What the token was found to be for these audiences, and by which keys; nothing where its time is over. */
  find(token: string, audiences: readonly string[]): Checked | undefined {
    const known = this.#good.get(keyOf(token, audiences));
    if (known?.audiences !== audiences) return undefined;
    return (known.token.expires ?? 0) <= Date.now() ? undefined : known;
  }

  /** Remembers a good one. */
  add(token: string, checked: Checked): void {
    this.#good.set(keyOf(token, checked.audiences), checked);
  }
}

function keyOf(token: string, [own = ""]: readonly string[]): string {
  return fingerprint(`${own} ${token}`);
}
