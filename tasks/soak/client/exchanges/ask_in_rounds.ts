// Lets a server ask something in the middle of a call, and comes back with the answer in good order or not.

import { setTimeout as delay } from "node:timers/promises";
import type { Call, CallArguments } from "../calls.ts";
import type { Outcome } from "../pending_calls.ts";
import { isExcused, judge, prepare } from "../perform.ts";
import type { Prepared } from "../perform.ts";
import type { RoundWay } from "../../plan/plan_step.ts";
import type { SoakToken } from "../../servers/servers.ts";
import type { World } from "../../world.ts";
import type { Described } from "./envelope.ts";
import { inputRequiredIn } from "./input_required.ts";
import type { InputRequired } from "./input_required.ts";
import type { ModernSession } from "./modern_session.ts";

const WHOAMI: Call = { tool: "whoami", args: { form: "stream" }, size: 0 };
const REFUSED_STATE = -32602;
/** What a limit answers, and a server that a token may not use. */
const REFUSALS: readonly unknown[] = [401, 429, 503];
/** A call that goes on is let go again so soon. */
const LEAVES_AFTER_MS = 10;

/** A call whose server waits for the client. */
interface Waiting {
  readonly session: ModernSession;
  readonly prepared: Prepared;
  readonly request: Described;
  readonly asked: InputRequired;
  readonly answers?: object;
  readonly world: World;
}

/** Makes the call and comes back after a while. */
export async function askInRounds(
  session: ModernSession,
  way: RoundWay,
  afterMs: number,
  world: World,
): Promise<void> {
  const prepared = prepare(session, WHOAMI);
  const request = prepared.message as Described;
  const outcome = await session.ask(request).outcome;
  const asked = inputRequiredIn(outcome);
  if (!asked) return await judge(outcome, prepared, world);
  world.findings.count(`came back ${way}`);
  const answers = session.answers(asked, request);
  const waiting = { session, prepared, request, asked, answers, world };
  await delay(afterMs);
  // Whose the states of a modern server are is its own matter, and it knows of no tokens.
  const isOwn = way === "as another" && session.server.era === "modern";
  if (session.state === "open") await comeBack(waiting, isOwn ? "late" : way);
}

async function comeBack(waiting: Waiting, way: RoundWay): Promise<void> {
  switch (way) {
    case "late":
      return await answer(waiting);
    case "never":
      return;
    case "twice at once":
      return await answerTwice(waiting);
    case "as another":
      await trySteal(waiting);
      return await answer(waiting);
    case "with other arguments":
      await tryAlter(waiting);
      return await answer(waiting);
    case "without answers":
      return await answer(await goWithout(waiting));
    case "and leaves":
      return await leave(waiting);
  }
}

async function answer(waiting: Waiting | undefined): Promise<void> {
  if (!waiting) return;
  const { prepared, world } = waiting;
  await judge(await retry(waiting), prepared, world);
}

/** A state is good for once: one of the two gets the answer. */
async function answerTwice(waiting: Waiting): Promise<void> {
  const { session, prepared, world } = waiting;
  const both = await Promise.all([retry(waiting), retry(waiting)]);
  const taken = both.filter((outcome) => !isRefusedState(outcome));
  for (const outcome of taken) await judge(outcome, prepared, world);
  if (taken.length === 1 || isExcused(session, world)) return;
  if (taken.some(({ kind }) => kind !== "result")) return;
  const text = `${session.described}: ${taken.length} of two retries went on`;
  world.findings.fail("ran twice", text);
}

/** Another token has no use of the state, and does not spoil it. */
async function trySteal(waiting: Waiting): Promise<void> {
  const { session, world: { tokens } } = waiting;
  const thief = tokens.find(({ name }) => name !== session.token.name);
  expectRefused(await retry(waiting, { token: thief }), waiting, "stolen");
}

async function tryAlter(waiting: Waiting): Promise<void> {
  const { request } = waiting;
  const args = request.params.arguments as CallArguments;
  const params = {
    ...request.params,
    arguments: { ...args, text: `${args.text}!` },
  };
  const altered = { ...waiting, request: { ...request, params } };
  expectRefused(await retry(altered), waiting, "altered");
}

/** The server still wants to know: it is asked again, under another state. */
async function goWithout(waiting: Waiting): Promise<Waiting | undefined> {
  const { session, request, asked: before, prepared, world } = waiting;
  const outcome = await retry({ ...waiting, answers: undefined });
  const asked = inputRequiredIn(outcome);
  if (!asked) return void await judge(outcome, prepared, world);
  if (asked.requestState === before.requestState) {
    const text = `${session.described} got the same state again`;
    world.findings.fail("wrong answer", text);
  }
  return { ...waiting, asked, answers: session.answers(asked, request) };
}

async function leave(
  { session, request, asked, answers }: Waiting,
): Promise<void> {
  const round = session.ask(session.retry(request, asked, answers));
  await delay(LEAVES_AFTER_MS);
  round.leave("reset");
}

function retry(
  { session, request, asked, answers }: Waiting,
  asking?: { readonly token?: SoakToken },
): Promise<Outcome> {
  const message = session.retry(request, asked, answers);
  return session.ask(message, asking).outcome;
}

function expectRefused(
  outcome: Outcome,
  { session, world }: Waiting,
  state: string,
): void {
  world.findings.count(`state ${state}`);
  if (isRefusedState(outcome) || outcome.kind === "left") return;
  const { status } = outcome as { readonly status?: number };
  if (REFUSALS.includes(status)) return;
  // A modern server is asked itself, and may be down.
  if (outcome.kind === "error" && isExcused(session, world)) return;
  world.findings.fail(
    "wrong answer",
    `${session.described}: a state that was ${state} got ${
      JSON.stringify(outcome)
    }`,
  );
}

function isRefusedState(outcome: Outcome): boolean {
  return outcome.kind === "error" && outcome.code === REFUSED_STATE;
}
