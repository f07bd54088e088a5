// One list out of those of all servers: in the order of the file, then in the server's own.

import { Envelope } from "../../channel/envelope.ts";
import { joined } from "../../channel/joined.ts";
import { GatewayError } from "../../errors.ts";
import { exactJson } from "../../protocol/exact_number.ts";
import type { RequestId } from "../../protocol/messages.ts";
import type { Log } from "../../telemetry/log.ts";
import { cursorOf, placeOf } from "./cursor.ts";
import type { Place } from "./cursor.ts";
import type { Inquiry, Reply } from "./inquiry.ts";
import type { Member } from "./member.ts";
import type { OfferList } from "../offer_list.ts";
import type { Register } from "./register.ts";

/** Where a result says which servers are not in it, and why (`_meta`). */
export const MISSING = "mcp-front/missing";

/** A server that is not in a result. */
export interface Missing {
  readonly server: string;
  readonly fault: string;
  readonly reason: string;
}

/** Part of a list. */
export interface Part {
  /** The JSON text of each. */
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
  readonly #company: Listed;
  readonly #inquiry: Inquiry;

  constructor(company: Listed, inquiry: Inquiry) {
    this.#company = company;
    this.#inquiry = inquiry;
  }

  /** Answers a request for a list. */
  async answer(request: Envelope, list: OfferList): Promise<Envelope> {
    const id = request.head.id as RequestId;
    const cursor = request.message().params?.cursor;
    const place = typeof cursor === "string" ? placeOf(cursor) : undefined;
    const start = place ? this.#at(place.server) : 0;
    const isForeign = cursor !== undefined && !place;
    if (isForeign || start === -1) return Envelope.failure(id, noPlace());
    const { items, missing, next } = await this.part(list, place);
    for (const one of missing) {
      this.#company.log.warn("Server missing in a list", {
        ...one,
        method: list.method,
      });
    }
    const more = {
      ...(next && { nextCursor: cursorOf(next) }),
      ...(missing.length > 0 && { _meta: { [MISSING]: missing } }),
    };
    return listAnswer(id, list.items, items, more);
  }

  /** The list from a place on, as far as the first server whose own list goes on. */
  async part(list: OfferList, place?: Place): Promise<Part> {
    const from = place ? this.#at(place.server) : 0;
    const [first, ...others] = this.#company.members.slice(from);
    if (!first) return { items: [], missing: [] };
    const begun = this.#inquiry.ask(first, list, place?.cursor);
    // A list that is being read on most likely goes on in the same server.
    if (place) await begun;
    const wanted = place && endsIn(await begun) !== undefined ? [] : others;
    const replies = [
      begun,
      ...wanted.map((one) => this.#inquiry.ask(one, list)),
    ];
    const items: Uint8Array[] = [];
    const missing: Missing[] = [];
    for (const [index, asked] of replies.entries()) {
      const reply = await asked;
      const { name: server } = this.#company.members[from + index] as Member;
      if (reply?.kind === "missing") {
        const { fault, summary: reason } = reply.reason;
        missing.push({ server, fault, reason });
      }
      if (reply?.kind !== "page") continue;
      for (const item of reply.page.items) {
        const shown = this.#company.register.shown(item, list, server);
        if (shown) items.push(shown);
      }
      const cursor = endsIn(reply);
      if (cursor !== undefined) {
        return { items, missing, next: { server, cursor } };
      }
    }
    return { items, missing };
  }

  #at(server: string): number {
    return this.#company.members.findIndex(({ name }) => name === server);
  }
}

function endsIn(reply: Reply | undefined): string | undefined {
  return reply?.kind === "page" ? reply.page.nextCursor : undefined;
}

function noPlace(): GatewayError {
  return new GatewayError("unknown_name", "There is no such cursor", {
    hint: "Ask for the list without a cursor to begin anew",
  });
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
    at === 0 ? [item] : [COMMA, item]
  );
  return Envelope.skim(joined([
    encoder.encode(
      `{"jsonrpc":"2.0","id":${exactJson(id)},"result":{"${member}":[`,
    ),
    ...separated,
    encoder.encode(rest === "}" ? "]}}" : `],${rest}}`),
  ]));
}
