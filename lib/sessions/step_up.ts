// Messages that are refused before they are taken, as more scopes are needed for them.

import { offerUsed } from "../backends/offer.ts";
import { Permissions } from "../backends/permissions.ts";
import { ROOT } from "../backends/aggregate/aggregate.ts";
import type { Envelope } from "../channel/envelope.ts";
import type { Session } from "./session.ts";

/**
 * Throws `insufficient_scope` for a single message where that can be told by now: what is called at the root, and what
 * depends on the server's own word for a tool, is refused when it is passed on, as the answer to the request.
 */
export function checkScope(
  { owner, server }: Pick<Session, "owner" | "server">,
  envelopes: readonly Envelope[],
): void {
  const [message, ...others] = envelopes;
  if (!owner.rights || server === ROOT || !message || others.length > 0) return;
  if (message.head.kind !== "request") return;
  const permissions = new Permissions(owner, server);
  const offer = offerUsed(message.message(), permissions.restricted);
  if (!offer) return;
  const decision = permissions.decide(offer);
  if (decision.allowed || decision.dependsOn || !decision.needs) return;
  throw permissions.refusal(offer, decision).answering(message.head.id ?? null);
}
