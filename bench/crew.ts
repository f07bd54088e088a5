// The participants of a pair of transports, with the sessions they have open.

import type { Contender, Outcome } from "./compare.ts";
import { reasonOf, within } from "./load/failures.ts";
import type { LoadSession } from "./load/session.ts";
import type { Pair, Participant } from "./participants/participant.ts";
import type { ParticipantName } from "./participants/participant.ts";
import { startParticipant } from "./participants/start.ts";
import { drive } from "./load/drive.ts";
import { inTurns } from "./run.ts";
import type { Run } from "./run.ts";
import { SMALL } from "./sizes.ts";

/** Who takes part, in the order of the tables. */
export const NAMES: readonly ParticipantName[] = [
  "direct",
  "floor",
  "mcp-front",
  "supergateway",
  "mcp-proxy",
  "mcp-hub",
];
/** Whose failure is told, and does not end the run. */
export const PEERS: readonly ParticipantName[] = [
  "supergateway",
  "mcp-proxy",
  "mcp-hub",
];

const BEGIN_LIMIT_MS = 20_000;
/** How long each is driven before anything is measured: the runtimes compile what is used. */
const WARM_UP_MS = 2_500;
/** No longer than so many windows, where these are short. */
const WINDOWS = 7;
const END_LIMIT_MS = 5_000;
/** How many sessions are begun at once: some start a child each. */
const AT_ONCE = 8;

interface Member {
  readonly name: ParticipantName;
  participant?: Participant;
  sessions: LoadSession[];
  failure?: string;
}

/** They run until it is disposed of. */
export class Crew implements AsyncDisposable {
  readonly #run: Run;
  readonly #pair: Pair;
  readonly #members: Member[] = [];

  private constructor(run: Run, pair: Pair) {
    this.#run = run;
    this.#pair = pair;
  }

  /** Starts those of a pair that there are, without sessions. */
  static async start(
    run: Run,
    pair: Pair,
    names: readonly ParticipantName[] = NAMES,
  ): Promise<Crew> {
    const crew = new this(run, pair);
    for (const name of names) {
      if (PEERS.includes(name) && !run.options.peers) continue;
      const member: Member = { name, sessions: [] };
      await crew.#start(member);
      if (member.participant || member.failure) crew.#members.push(member);
    }
    return crew;
  }

  /** All of them with so many sessions. Those that failed are started again. */
  async contenders(count: number): Promise<Contender[]> {
    for (const member of this.#members) {
      if (member.failure !== undefined) await this.#restart(member);
      await this.#attempt(member, () => this.#grow(member, count));
    }
    return this.#members.filter((one) => one.failure === undefined)
      .map(({ name, participant, sessions }) => ({
        name,
        pid: participant?.pid,
        sessions: sessions.slice(0, count),
        mayFail: PEERS.includes(name),
      }));
  }

  /** The outcomes of all, in order, with those that did not get so far; failures are remembered. */
  outcomes(of: ReadonlyMap<string, Outcome>): [ParticipantName, Outcome][] {
    return this.#members.map((member) => {
      const outcome = of.get(member.name) ?? member.failure ?? "failed";
      if (typeof outcome === "string") member.failure = outcome;
      return [member.name, outcome];
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const member of this.#members) await end(member);
  }

  async #start(member: Member): Promise<void> {
    await this.#attempt(member, async () => {
      member.participant = await startParticipant(
        member.name,
        this.#pair,
        this.#run.origin,
      );
    });
  }

  async #restart(member: Member): Promise<void> {
    await end(member);
    member.failure = undefined;
    await this.#start(member);
  }

  async #grow(member: Member, count: number): Promise<void> {
    const { participant, sessions } = member;
    if (!participant || member.failure !== undefined) return;
    const missing = Math.max(0, count - sessions.length);
    const begun = inTurns(missing, () => participant.begin(), AT_ONCE);
    const isFirst = sessions.length === 0;
    const warmUpMs = Math.min(WARM_UP_MS, WINDOWS * this.#run.options.windowMs);
    sessions.push(...await within(BEGIN_LIMIT_MS, "beginning", begun));
    if (isFirst) await drive(sessions, { bytes: SMALL, forMs: warmUpMs });
  }

  async #attempt(member: Member, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!PEERS.includes(member.name)) throw error;
      this.#run.progress(`${member.name}: ${(error as Error).message}`);
      member.failure = reasonOf(error);
    }
  }
}

async function end(member: Member): Promise<void> {
  const sessions = member.sessions.splice(0);
  const ended = Promise.allSettled(sessions.map((session) => session.end()));
  await within(END_LIMIT_MS, "ending", ended).catch(() => {
    // What is left ends with its program.
  });
  await member.participant?.[Symbol.asyncDispose]();
  member.participant = undefined;
}
