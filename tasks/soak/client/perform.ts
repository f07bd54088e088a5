// Makes a call and judges what comes back.

import { setTimeout as delay } from "node:timers/promises";
import { argumentsOf, wrongIn } from "./calls.ts";
import type { Call, CallArguments } from "./calls.ts";
import type { Heard, Outcome } from "./pending_calls.ts";
import type { Running, SoakSession } from "./session.ts";
import { AFTERMATH_MS } from "../servers/troubles.ts";
import type { World } from "../world.ts";

/** A call before it is sent. */
export interface Prepared {
  readonly session: SoakSession;
  readonly call: Call;
  readonly sent: CallArguments;
  readonly message: Heard;
}

/** A call under way. */
export interface Begun extends Prepared {
  readonly running: Running;
  readonly since: number;
}

/** A call that is over. */
export interface Done {
  readonly outcome: Outcome;
  /** How long it took, in milliseconds. */
  readonly tookMs: number;
}

/** What a limit answers; it needs no excuse. */
const LIMITS = ["overloaded", "too_many_children", "too_many_sessions"];
const LIMIT_STATUSES = [429, 503];
const SESSION_GONE = 404;
/** A death is sometimes felt before it is seen. */
const HINDSIGHT_MS = 500;
/** Those that never answer: the request's own limit ends them. */
const ENDLESS = ["hang", "html"];

/** Makes a call unmistakable. */
export function prepare(session: SoakSession, call: Call): Prepared {
  const nonce = session.nonce();
  const sent = argumentsOf(call, nonce);
  const token = `t${nonce.slice(nonce.lastIndexOf("/") + 1)}`;
  if (call.tool === "progress") session.pending.expectProgress(token, nonce);
  const message = session.request("tools/call", {
    name: call.tool,
    arguments: sent,
    ...(call.tool === "progress" && { _meta: { progressToken: token } }),
  });
  return { session, call, sent, message };
}

/** Starts a call. */
export function begin(session: SoakSession, call: Call): Begun {
  const prepared = prepare(session, call);
  const running = session.start(prepared.message);
  return { ...prepared, running, since: performance.now() };
}

/** Waits for the end of a call, and judges it. */
export async function finish(begun: Begun, world: World): Promise<Done> {
  const outcome = await begun.running.outcome;
  const tookMs = performance.now() - begun.since;
  const { call, session } = begun;
  if (outcome.kind !== "left") {
    world.findings.count("calls checked");
    if (!ENDLESS.includes(call.tool) && !session.excuses.stalledAt) {
      world.findings.took("stall", tookMs - plannedMs(call));
    }
  }
  await judge(outcome, begun, world);
  return { outcome, tookMs };
}

/** Makes one call. */
export function perform(
  session: SoakSession,
  call: Call,
  world: World,
): Promise<Done> {
  return finish(begin(session, call), world);
}

/** Judges what came back. */
export async function judge(
  outcome: Outcome,
  { session, call, sent }: Prepared,
  world: World,
): Promise<void> {
  switch (outcome.kind) {
    case "left":
      return;
    case "result": {
      const { server, identity: client, excuses, options } = session;
      const { canBeAsked } = options;
      const caller = { client, server: server.says, canBeAsked };
      const wrong = wrongIn(outcome.result, call.tool, sent, caller);
      if (!wrong) return;
      if (call.tool === "whoami" && isRecent(excuses.leftAt)) {
        return world.findings.count("questions lost with a dropped stream");
      }
      world.findings.fail(
        "wrong answer",
        `${session.described} called ${call.tool}: ${wrong}`,
      );
      return;
    }
    case "refused":
      if (session.mayRefuse(call.tool, outcome.text)) {
        return world.findings.count("questions that nobody could answer");
      }
      return judgeRefusal(outcome, session, call.tool, world);
    case "error":
      return await judgeError(outcome, session, call.tool, world);
  }
}

/** Judges an HTTP refusal of what should be taken. */
export function judgeRefusal(
  { status, text }: Outcome & { kind: "refused" },
  session: SoakSession,
  what: string,
  { findings }: World,
): void {
  findings.count(`refused ${status}`);
  if (LIMIT_STATUSES.includes(status)) return;
  if (status === SESSION_GONE && session.state === "open") {
    return session.lost(`got 404 to ${what}: ${text}`);
  }
  if (session.state === "over") return;
  const answer = `${session.described} got ${status} to ${what}: ${text}`;
  findings.fail("unexpected refusal", answer);
}

/** Judges a JSON-RPC error where a result was due. */
export async function judgeError(
  outcome: Outcome & { kind: "error" },
  session: SoakSession,
  what: string,
  world: World,
): Promise<void> {
  const { fault, code, message } = outcome;
  const told = `${session.described} called ${what}: ${code} ${message}`;
  if (fault === undefined) {
    world.findings.fail("wrong answer", told);
    return;
  }
  world.findings.count(`fault ${fault}`);
  if (LIMITS.includes(fault) || isExcused(session, world)) return;
  await delay(HINDSIGHT_MS);
  if (isExcused(session, world)) return;
  world.findings.fail("unexplained fault", `${told} (${fault})`);
}

/** Whether what goes wrong in a session now may have a reason that it knows of. */
export function isExcused(
  { server, excuses, sharing }: SoakSession,
  { troubles }: World,
): boolean {
  const { crashedAt, stalledAt, leftAt } = excuses;
  if ([crashedAt, stalledAt, leftAt].some(isRecent)) return true;
  return [server.remote, sharing].some((one) =>
    one !== undefined && troubles.excuse(one)
  );
}

function isRecent(time: number | undefined): boolean {
  return time !== undefined && performance.now() - time < AFTERMATH_MS;
}

function plannedMs({ tool, args }: Call): number {
  if (tool === "slow") return Number(args.ms);
  return tool === "progress" ? Number(args.ms) * Number(args.steps) : 0;
}
