// The answer to `initialize`, from what a server of the modern era answers to `server/discover`.

import { Envelope } from "../../channel/envelope.ts";
import { RPC_CODES } from "../../protocol/messages.ts";
import type { RequestId, RpcError } from "../../protocol/messages.ts";
import { commonModernRevision } from "../../protocol/versions.ts";
import type { LegacyClient } from "./client.ts";
import { introductionIn } from "./introduction.ts";
import { legacyError } from "./refusals.ts";

/** What a handshake comes to. */
export interface Handshake {
  readonly answer: Envelope;
  /** Of the server; absent where there is no session. */
  readonly capabilities?: Readonly<Record<string, unknown>>;
}

/** Asks server `name` by `discover`, once more where it speaks only another revision, and makes the answer to `initialize` of it. */
export async function handshake(
  name: string,
  initialize: Envelope,
  client: LegacyClient,
  discover: () => Promise<Envelope>,
): Promise<Handshake> {
  const id = initialize.head.id as RequestId;
  let found = await discover();
  const revision = otherRevision(found);
  if (revision !== undefined && revision !== client.modernRevision) {
    client.modernRevision = revision;
    found = await discover();
  }
  if (found.tells) return { answer: Envelope.failure(id, found.tells) };
  if (found.head.failed) {
    const error = legacyError(name, found.message().error as RpcError);
    return { answer: Envelope.error(id, error) };
  }
  const { capabilities, result } = introductionIn(found, name, client);
  return { answer: Envelope.result(id, result), capabilities };
}

function otherRevision(answer: Envelope): string | undefined {
  if (!answer.head.failed) return undefined;
  const { error } = answer.message();
  if (error?.code !== RPC_CODES.unsupportedRevision) return undefined;
  const { supported } = (error.data ?? {}) as { readonly supported?: unknown };
  return commonModernRevision(supported);
}
