// What a shared server says of a request, as the conversation is to hear it whose request it is.

import type { Envelope } from "../../channel/envelope.ts";
import type { MemberPath } from "../../channel/member_places.ts";
import { PROGRESS_TOKEN } from "../../channel/named_ids.ts";
import { replacedIn } from "../../channel/replaced_members.ts";
import { META } from "../../protocol/meta.ts";
import { ID } from "./asked.ts";
import type { Asked } from "./asked.ts";

const SUBSCRIPTION: MemberPath = ["params", "_meta", META.subscriptionId];

/** The end of a subscription says, too, which it is. */
const ENDED_SUBSCRIPTION: MemberPath = [
  "result",
  "_meta",
  META.subscriptionId,
];

/** The answer to a request. */
export function restoredAnswer(answer: Envelope, asked: Asked): Envelope {
  const { id, idText: json, kept } = asked;
  const replacements = [{ path: ID, json }];
  if (kept) replacements.push({ path: ENDED_SUBSCRIPTION, json });
  return answer.renamed(replacedIn(answer.bytes, replacements), id, id);
}

/** Its progress; nothing where it did not ask for it. */
export function restoredProgress(
  progress: Envelope,
  { id, tokenText: json }: Asked,
): Envelope | undefined {
  if (json === undefined) return undefined;
  const path = PROGRESS_TOKEN;
  return progress.renamed(replacedIn(progress.bytes, [{ path, json }]), id);
}

/** What is told to a subscription. */
export function restoredEvent(
  event: Envelope,
  { id, idText: json }: Asked,
): Envelope {
  const path = SUBSCRIPTION;
  return event.renamed(replacedIn(event.bytes, [{ path, json }]), id);
}
