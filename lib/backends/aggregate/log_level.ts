// The client's log level: set at every server that logs, also at those that come later.

import { Envelope } from "../../channel/envelope.ts";
import { within } from "../../channel/within.ts";
import { background } from "../../telemetry/background.ts";
import type { Log } from "../../telemetry/log.ts";
import type { RequestId, RpcError } from "../../protocol/messages.ts";
import { STATE_METHODS } from "../agreement.ts";
import type { Member } from "./member.ts";

/** How long the client's request waits for the servers. */
const SET_LIMIT_MS = 2_000;

type Params = Record<string, unknown>;

/** The level of one session. */
export class LogLevel {
  readonly #log: Log;
  #params?: Params;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Answers the client's request: with an error only where every server that could be asked has refused. */
  async set(
    request: Envelope,
    members: readonly Member[],
  ): Promise<Envelope> {
    const id = request.head.id as RequestId;
    const params = request.message().params ?? {};
    const asked = members.filter(logs).map((one) => tell(one, params));
    const refusals: RpcError[] = [];
    const noted = asked.map((refusal) =>
      refusal.then((error) => error && refusals.push(error))
    );
    await within(Promise.all(noted), SET_LIMIT_MS);
    const [first] = refusals;
    if (first && refusals.length === asked.length) {
      return Envelope.error(id, first);
    }
    this.#params = params;
    return Envelope.result(id, {});
  }

  /** A server has begun to work. */
  ready(member: Member): void {
    if (!this.#params || !logs(member)) return;
    const told = tell(member, this.#params);
    background(this.#log, "Setting a log level", told.then(() => {}));
  }
}

function logs({ ready, introduction }: Member): boolean {
  return ready && introduction.capabilities.logging !== undefined;
}

/** Why it was refused; nothing where it was not, or nobody can say. */
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
