// One list of servers from many files: the same one in two of them is one, two of one name get two names.

import type { FoundServer, ServerDraft } from "./draft.ts";
import { freeName, serverName } from "../server_names.ts";

/** A server that is taken over. */
export interface TakenServer {
  /** In our configuration. */
  readonly name: string;
  /** As the clients call it. */
  readonly theirs: string;
  /** Where it was found. */
  readonly origins: readonly string[];
  readonly draft: ServerDraft;
  readonly losses: readonly string[];
}

/** Puts the servers together, in their order. */
export function merge(found: readonly FoundServer[]): TakenServer[] {
  const taken: TakenServer[] = [];
  for (const server of found) {
    const { name, origin, draft, losses } = server;
    const index = taken.findIndex((one) =>
      one.theirs === name && isSame(one.draft, draft)
    );
    const twin = taken[index];
    if (twin === undefined) {
      const names = new Set(taken.map((one) => one.name));
      taken.push({
        name: freeName(serverName(name), names),
        theirs: name,
        origins: [origin],
        draft,
        losses,
      });
    } else {
      taken[index] = {
        ...twin,
        origins: [...twin.origins, origin],
        draft: { ...draft, ...twin.draft },
        losses: [...new Set([...twin.losses, ...losses])],
      };
    }
  }
  return taken;
}

/** A transport that is said where the other one finds it out is no difference. */
function isSame(one: ServerDraft, other: ServerDraft): boolean {
  const { transport: first, ...mine } = one;
  const { transport: second, ...theirs } = other;
  return comparable(mine) === comparable(theirs) &&
    (first === second || first === undefined || second === undefined);
}

/** Whatever the order of members. */
function comparable(draft: ServerDraft): string {
  return JSON.stringify(
    draft,
    (_key, value) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toSorted(byKey))
        : value,
  );
}

function byKey([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1;
}
