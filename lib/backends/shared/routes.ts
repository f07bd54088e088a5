// Which conversation a message of a shared server is for, and what it is there.

import { Envelope } from "../../channel/envelope.ts";
import { progressTokenOf, requestIdOf } from "../../channel/named_ids.ts";
import { META } from "../../protocol/meta.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { Asked, AskedRequests } from "./asked.ts";
import type { SharedChannel } from "./channel.ts";
import { restoredAnswer, restoredEvent, restoredProgress } from "./restored.ts";

const LOG_MESSAGE = "notifications/message";

/** A message on its way to a conversation. */
export interface Routed {
  readonly channel: SharedChannel;
  readonly envelope: Envelope;
  /** The request it is about; absent where the server does not say which. */
  readonly asked?: Asked;
}

/** Where a message goes; nothing where that cannot be told. An answer ends its request. */
export function route(
  envelope: Envelope,
  asked: AskedRequests,
  channels: ReadonlySet<SharedChannel>,
): Routed | undefined {
  const { kind, id, method } = envelope.head;
  if (kind === "request") return undefined;
  if (kind === "response") return answerTo(envelope, asked.numbered(id), asked);
  if (method === METHODS.cancelled) {
    return endOf(asked.numbered(requestIdOf(envelope)), asked);
  }
  if (method === METHODS.progress) {
    const one = asked.numbered(progressTokenOf(envelope));
    return one && to(one, restoredProgress(envelope, one));
  }
  const subscription = subscriptionOf(envelope);
  if (subscription !== undefined) {
    const one = asked.numbered(subscription);
    return one?.kept && to(one, restoredEvent(envelope, one));
  }
  return unnamed(envelope, asked.all(), channels);
}

function to(asked: Asked, envelope: Envelope | undefined): Routed | undefined {
  return envelope && { channel: asked.channel, envelope, asked };
}

function answerTo(
  answer: Envelope,
  one: Asked | undefined,
  asked: AskedRequests,
): Routed | undefined {
  if (!one) return undefined;
  asked.forget(one);
  return to(one, restoredAnswer(answer, one));
}

/** A server may end a subscription by this alone (2026-07-28 `basic/patterns/cancellation`): over HTTP it would answer it. */
function endOf(
  one: Asked | undefined,
  asked: AskedRequests,
): Routed | undefined {
  if (!one?.kept) return undefined;
  asked.forget(one);
  const { id } = one;
  const _meta = { [META.subscriptionId]: id };
  const result = { resultType: "complete", _meta };
  return to(one, Envelope.result(id, result).relating(id));
}

/** What says nothing of its request: it is that of the only one that can be meant, or of the only conversation. */
function unnamed(
  envelope: Envelope,
  open: readonly Asked[],
  channels: ReadonlySet<SharedChannel>,
): Routed | undefined {
  const isLog = envelope.head.method === LOG_MESSAGE;
  const meant = open.filter(({ wantsLog, kept }) => isLog ? wantsLog : !kept);
  const [only] = meant;
  if (only && meant.length === 1) {
    return to(only, envelope.relating(only.id));
  }
  const owners = new Set(
    isLog ? meant.map(({ channel }) => channel) : channels,
  );
  const [channel] = owners;
  return channel && owners.size === 1 ? { channel, envelope } : undefined;
}

function subscriptionOf(envelope: Envelope): unknown {
  const meta = envelope.message().params?._meta as
    | Readonly<Record<string, unknown>>
    | null
    | undefined;
  return meta?.[META.subscriptionId];
}
