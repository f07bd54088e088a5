// One list out of those of all servers: in the order of the file, then in the server's own.

import { Envelope } from "../../channel/envelope.ts";
import { joined } from "../../channel/joined.ts";
import { within } from "../../channel/within.ts";
import { exactJson } from "../../protocol/exact_number.ts";
import type { RequestId } from "../../protocol/messages.ts";
import type { Log } from "../../telemetry/log.ts";
import type { OfferList } from "../offer_list.ts";
import { cursorOf, placeOf } from "./cursor.ts";
import type { Place } from "./cursor.ts";
import { LIST_LIMIT_MS } from "./inquiry.ts";
import type { Inquiry, Reply } from "./inquiry.ts";
import type { Member } from "./member.ts";
import { noPlace } from "./refusals.ts";
import type { Register } from "./register.ts";

/** Where a result says which servers are not in it, and why (`_meta`). */
export const MISSING = "mcp-front/missing";

/** How long the server in which a list goes on is waited for before the next ones are asked, too. */
const HEAD_START_MS = 250;

/** A server that is not in a result. */
interface Missing {
  readonly server: string;
  readonly fault: string;
  readonly reason: string;
}

/** Part of a list. */
interface Part {
  /** The JSON text of each item. */
  readonly items: readonly Uint8Array[];
  readonly missing: readonly Missing[];
  readonly next?: Place;
}

/** Whose lists they are. */
export interface Listed {
  /** In the order of the file. */
  readonly members: readonly Member[];
  readonly register: Register;
  readonly log: Log;
}

/** Puts the lists of the servers of one session together. */
export class Listing {
  readonly #listed: Listed;
  readonly #inquiry: Inquiry;

  constructor(listed: Listed, inquiry: Inquiry) {
    this.#listed = listed;
    this.#inquiry = inquiry;
  }

  /** Answers a request for a list. */
  async answer(request: Envelope, list: OfferList): Promise<Envelope> {
    const id = request.head.id as RequestId;
    const cursor = request.message().params?.cursor;
    const place = typeof cursor === "string" ? placeOf(cursor) : undefined;
    const isForeign = cursor !== undefined && !place;
    const from = place ? this.#at(place.server) : 0;
    if (isForeign || from === -1) return Envelope.failure(id, noPlace());
    const part = await this.#part(list, from, place);
    if (!part) return Envelope.failure(id, noPlace());
    const { items, missing, next } = part;
    for (const one of missing) {
      const fields = { ...one, method: list.method };
      this.#listed.log.warn("Server missing in a list", fields);
    }
    const more = {
      ...(next && { nextCursor: cursorOf(next) }),
      ...(missing.length > 0 && { _meta: { [MISSING]: missing } }),
    };
    return listAnswer(id, list.items, items, more);
  }

  /** The list from a place on, as far as the first server whose own list goes on; nothing where the server does not know the place. */
  async #part(
    list: OfferList,
    from: number,
    place?: Place,
  ): Promise<Part | undefined> {
    const members = this.#listed.members.slice(from);
    const items: Uint8Array[] = [];
    const missing: Missing[] = [];
    for (
      const [at, asked] of (await this.#asked(members, list, place)).entries()
    ) {
      const reply = await asked;
      const { name: server } = members[at] as Member;
      const before = at === 0 ? place?.cursor : undefined;
      if (reply.kind === "refused" && before !== undefined) return undefined;
      if (reply.kind === "missing" || reply.kind === "refused") {
        const { fault, summary: reason } = reply.reason;
        missing.push({ server, fault, reason });
      }
      if (reply.kind !== "page") continue;
      for (const item of reply.page.items) {
        const shown = this.#listed.register.shown(item, list, server);
        if (shown) items.push(shown);
      }
      const cursor = leadsOn(reply, at === 0 ? place : undefined);
      if (cursor === undefined) continue;
      return { items, missing, next: { server, cursor } };
    }
    return { items, missing };
  }

  /** All are asked at once; a list that is read on most likely goes on in its first server, and ends there for now. */
  async #asked(
    [first, ...others]: readonly Member[],
    list: OfferList,
    place: Place | undefined,
  ): Promise<Promise<Reply>[]> {
    if (!first) return [];
    const begun = this.#inquiry.ask(first, list, { cursor: place?.cursor });
    if (!place) return [begun, ...this.#askAll(others, list, LIST_LIMIT_MS)];
    const isSoon = await within(begun, HEAD_START_MS);
    if (isSoon && leadsOn(await begun, place)) return [begun];
    const limitMs = LIST_LIMIT_MS - HEAD_START_MS;
    return [begun, ...this.#askAll(others, list, limitMs)];
  }

  #askAll(
    members: readonly Member[],
    list: OfferList,
    limitMs: number,
  ): Promise<Reply>[] {
    return members.map((one) => this.#inquiry.ask(one, list, { limitMs }));
  }

  #at(server: string): number {
    return this.#listed.members.findIndex(({ name }) => name === server);
  }
}

/** Where a list goes on; the same place again would lead nowhere. */
function leadsOn(reply: Reply, place?: Place): string | undefined {
  if (reply.kind !== "page") return undefined;
  const { nextCursor } = reply.page;
  return nextCursor === place?.cursor ? undefined : nextCursor;
}

const encoder = new TextEncoder();
const COMMA = encoder.encode(",");

/** The items as they are: building them anew would lose what no parser keeps. */
function listAnswer(
  id: RequestId,
  member: string,
  items: readonly Uint8Array[],
  more: Readonly<Record<string, unknown>>,
): Envelope {
  const rest = JSON.stringify(more).slice(1);
  const separated = items.flatMap((item, at) =>
    at === 0 ? item : [COMMA, item]
  );
  return Envelope.skim(joined([
    encoder.encode(
      `{"jsonrpc":"2.0","id":${exactJson(id)},"result":{"${member}":[`,
    ),
    ...separated,
    encoder.encode(rest === "}" ? "]}}" : `],${rest}}`),
  ]));
}
