// Several of mcp-front, each set up in another way, for one pair of transports.

import type { Contender } from "./compare.ts";
import { drive } from "./load/drive.ts";
import type { LoadSession } from "./load/session.ts";
import type { FrontOptions } from "./participants/front.ts";
import type { Pair, Participant } from "./participants/participant.ts";
import { startFrontFor } from "./participants/start.ts";
import { inTurns } from "./run.ts";
import type { Run } from "./run.ts";
import { SMALL } from "./sizes.ts";

/** How long each is driven before it is measured, in windows. */
const WARM_UP = 4;
const AT_ONCE = 8;

/** They run until it is disposed of. */
export class FrontCrew implements AsyncDisposable {
  readonly contenders: Contender[] = [];
  readonly #run: Run;
  readonly #pair: Pair;
  readonly #participants: Participant[] = [];
  readonly #sessions: LoadSession[] = [];

  constructor(run: Run, pair: Pair) {
    this.#run = run;
    this.#pair = pair;
  }

  /** Starts one, with sessions that call, and others that do not. */
  async add(
    name: string,
    options: FrontOptions,
    callers: number,
    idle = 0,
  ): Promise<Contender> {
    const one = await startFrontFor(this.#pair, this.#run.origin, options);
    this.#participants.push(one);
    const open = (count: number) => inTurns(count, () => one.begin(), AT_ONCE);
    const sessions = await open(callers);
    this.#sessions.push(...sessions, ...await open(idle));
    const forMs = this.#run.options.windowMs * WARM_UP;
    await drive(sessions, { bytes: SMALL, forMs });
    const contender = { name, pid: one.pid, sessions };
    this.contenders.push(contender);
    return contender;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { length } = this.#sessions;
    const end = async (index: number) => await this.#sessions[index]?.end();
    await inTurns(length, end, AT_ONCE);
    for (const one of this.#participants) await one[Symbol.asyncDispose]();
  }
}
