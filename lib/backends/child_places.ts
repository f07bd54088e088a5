// How many children there may be, in all, of each token and of each server, and who has one.

import { GatewayError, RETRY_LATER } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Principal } from "../principal.ts";

/** The limits on children, named as in the configuration. */
type ChildLimit = "children" | "childrenPerToken" | "childrenPerServer";

/** Whom a child is counted for. */
interface Count {
  readonly limit: ChildLimit;
  readonly key: string;
  /** In words, as the beginning of a sentence. */
  readonly holder: string;
}

/** The places for children in a gateway. Whoever takes one gives it back. */
export class ChildPlaces {
  /** May be set to others; who has a place keeps it. */
  limits: Pick<Limits, ChildLimit>;
  /** How many are taken, by whom they are counted for; those without any are not listed. */
  readonly #taken = new Map<string, number>();

  constructor(limits: Pick<Limits, ChildLimit>) {
    this.limits = limits;
  }

  /** Throws `too_many_children` when there is no place for a child of `server` that works for `principal`. */
  check(server: string, principal: Principal): void {
    for (const { limit, key, holder } of countedFor(server, principal)) {
      const most = this.limits[limit];
      if ((this.#taken.get(key) ?? 0) < most) continue;
      throw tooMany(limit, holder, most);
    }
  }

  /** Takes a place; returns how to give it back, once. Throws like `check()`. */
  take(server: string, principal: Principal): () => void {
    this.check(server, principal);
    const keys = countedFor(server, principal).map(({ key }) => key);
    for (const key of keys) this.#add(key, 1);
    return () => {
      for (const key of keys.splice(0)) this.#add(key, -1);
    };
  }

  #add(key: string, change: 1 | -1): void {
    const count = (this.#taken.get(key) ?? 0) + change;
    if (count > 0) this.#taken.set(key, count);
    else this.#taken.delete(key);
  }
}

/** The narrowest limit first: it is the one whose holder can do something about it. */
function countedFor(server: string, { id }: Principal): readonly Count[] {
  return [
    {
      limit: "childrenPerToken",
      key: `token ${id}`,
      holder: `The token "${id}"`,
    },
    {
      limit: "childrenPerServer",
      key: `server ${server}`,
      holder: `Server "${server}"`,
    },
    { limit: "children", key: "all", holder: "The gateway" },
  ];
}

function tooMany(
  limit: ChildLimit,
  holder: string,
  most: number,
): GatewayError {
  return new GatewayError(
    "too_many_children",
    `${holder} has ${most} child processes, which is the limit`,
    {
      hint: "End sessions that are no longer used, or raise " +
        `proxy.limits.${limit}`,
      headers: RETRY_LATER,
      fields: { limit },
    },
  );
}
