// The requests under way at a server that several conversations share, each under a number of its own.

import type { Envelope } from "../../channel/envelope.ts";
import type { MemberPath } from "../../channel/member_places.ts";
import {
  ASKED_PROGRESS_TOKEN,
  askedProgressToken,
} from "../../channel/named_ids.ts";
import { exchangedIn } from "../../channel/replaced_members.ts";
import { idKey } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { META } from "../../protocol/meta.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { SharedChannel } from "./channel.ts";

/** Where a message has its id. */
export const ID: MemberPath = ["id"];

/** One request under way. */
export interface Asked {
  /** What the server knows it by, and its progress. */
  readonly number: number;
  /** Whose it is. */
  readonly channel: SharedChannel;
  /** What its channel knows it by. */
  readonly id: RequestId;
  /** The same as it was written. */
  readonly idText: string;
  /** The progress token as it was written, where it has one. */
  readonly tokenText?: string;
  /** Whether it wants to be told what the server logs. */
  readonly wantsLog: boolean;
  /** As the server gets it; kept where it outlives the server. */
  readonly kept?: Envelope;
}

/** All that one server works on. */
export class AskedRequests {
  readonly #byNumber = new Map<number, Asked>();
  readonly #byChannel = new Map<SharedChannel, Map<string, Asked>>();
  #count = 0;

  /** How many a channel has open. */
  of(channel: SharedChannel): number {
    return this.#byChannel.get(channel)?.size ?? 0;
  }

  /** Notes a request; `outward` is what the server is to get. */
  enter(
    channel: SharedChannel,
    request: Envelope,
  ): { readonly asked: Asked; readonly outward: Envelope } {
    const number = ++this.#count;
    const hasToken = askedProgressToken(request) !== undefined;
    const paths = hasToken ? [ID, ASKED_PROGRESS_TOKEN] : [ID];
    const { bytes, texts } = exchangedIn(request.bytes, paths, `${number}`);
    const outward = request.renamed(bytes, undefined, number);
    const asked = {
      number,
      channel,
      id: request.head.id as RequestId,
      idText: texts.get(ID) as string,
      tokenText: texts.get(ASKED_PROGRESS_TOKEN),
      wantsLog: wantsLog(request),
      kept: request.head.method === METHODS.listen ? outward : undefined,
    };
    this.#add(asked);
    return { asked, outward };
  }

  /** The request with this number, as an id or token of the server says it. */
  numbered(number: unknown): Asked | undefined {
    return this.#byNumber.get(number as number);
  }

  /** The request that a channel knows by `id`. */
  named(channel: SharedChannel, id: RequestId | undefined): Asked | undefined {
    const key = id === undefined ? "" : idKey(id);
    return this.#byChannel.get(channel)?.get(key);
  }

  /** It is over. */
  forget(asked: Asked): void {
    const { number, channel, id } = asked;
    this.#byNumber.delete(number);
    const own = this.#byChannel.get(channel);
    if (!own?.delete(idKey(id))) return;
    account(asked, -1);
    if (own.size === 0) this.#byChannel.delete(channel);
  }

  /** Those of one channel, oldest first. */
  ownedBy(channel: SharedChannel): Asked[] {
    return [...this.#byChannel.get(channel)?.values() ?? []];
  }

  /** All, oldest first. */
  all(): Asked[] {
    return [...this.#byNumber.values()];
  }

  #add(asked: Asked): void {
    const { number, channel, id } = asked;
    this.#byNumber.set(number, asked);
    const own = this.#byChannel.get(channel) ?? new Map<string, Asked>();
    own.set(idKey(id), asked);
    this.#byChannel.set(channel, own);
    account(asked, 1);
  }
}

/** What is kept for a server that may come is held for the one that waits for it. */
function account({ channel, kept }: Asked, sign: 1 | -1): void {
  if (kept) channel.context.memory.add(sign * kept.weight);
}

/** 2026-07-28 `server/utilities/logging` § Per-request log level. */
function wantsLog(request: Envelope): boolean {
  const meta = request.message().params?._meta as
    | Readonly<Record<string, unknown>>
    | null
    | undefined;
  return meta?.[META.logLevel] !== undefined;
}
