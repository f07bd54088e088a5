// The client's log level: set at every server that logs, also at those that come later.

import { Envelope } from "../../channel/envelope.ts";
import { within } from "../../channel/within.ts";
import type { RequestId, RpcError } from "../../protocol/messages.ts";
import { STATE_METHODS } from "../agreement.ts";
import type { Member } from "./member.ts";

/** How long the client's request waits for the servers. */
const SET_LIMIT_MS = 2_000;

type Params = Record<string, unknown>;

/** The level of one session. */
export class LogLevel {
  #params?: Params;

  /** Answers the client's request: with an error only where every server that could be asked has refused. */
  async set(
    request: Envelope,
    members: readonly Member[],
  ): Promise<Envelope> {
    const id = request.head.id as RequestId;
    const params = request.message().params ?? {};
    const before = this.#params;
    // At once: a server that comes meanwhile is to hear of it, too.
    this.#params = params;
    const asked = members.filter(logs).map((one) => tell(one, params));
    const refusals: RpcError[] = [];
    const noted = asked.map(async (refusal) => {
      const error = await refusal;
      if (error) refusals.push(error);
    });
    await within(Promise.all(noted), SET_LIMIT_MS);
    const [first] = refusals;
    if (!first || refusals.length < asked.length) {
      return Envelope.result(id, {});
    }
    if (this.#params === params) this.#params = before;
    return Envelope.error(id, first);
  }

  /** A server has begun to work. */
  ready(member: Member): void {
    if (this.#params && logs(member)) void tell(member, this.#params);
  }
}

function logs({ introduction }: Member): boolean {
  return introduction?.capabilities.logging !== undefined;
}

/** Why it was refused; nothing where it was not, or nobody can say. Never rejects. */
async function tell(
  member: Member,
  params: Params,
): Promise<RpcError | undefined> {
  try {
    const answer = await member.ask(STATE_METHODS.setLevel, params);
    return answer.message().error;
  } catch {
    return undefined; // The server is gone, and is told when it comes back.
  }
}
