// One client of a soak: session after session, as planned.

import { setTimeout as delay } from "node:timers/promises";
import { perpetrate } from "./deeds.ts";
import { openSession } from "./open_session.ts";
import { planSession } from "../plan/plan.ts";
import type { SessionPlan } from "../plan/plan.ts";
import { Random } from "../plan/random.ts";
import type { Reachable } from "./strangers.ts";
import { SoakFailure } from "../findings.ts";
import type { SoakToken } from "../servers/servers.ts";
import type { SoakSession } from "./session.ts";
import { LegacySession } from "./legacy_session.ts";
import { ModernSession } from "./exchanges/modern_session.ts";
import { subscribe } from "./exchanges/subscriptions.ts";
import { SseSession } from "./sse_session.ts";
import { StreamableSession } from "./streamable_session.ts";
import type { World } from "../world.ts";

/** Until the gateway knows that the stream of an SSE session is closed. */
const NOTICED_WITHIN_MS = 5_000;
const LOOK_AGAIN_MS = 50;
const NOT_FOUND = 404;

/** The random numbers of a client. */
export function randomOf(seed: string, index: number): Random {
  return new Random(`${seed} client ${index}`);
}

/** Goes on until the world's signal fires; what is under way then is finished. */
export async function runClient(
  index: number,
  seed: string,
  world: World,
): Promise<void> {
  const random = randomOf(seed, index);
  for (let count = 1; !world.signal.aborted; count++) {
    const plan = planSession(random, index % world.tokens.length);
    try {
      await runSession(plan, `client${index}-session${count}`, world);
    } catch (error) {
      if (world.signal.aborted || error instanceof SoakFailure) return;
      throw error;
    }
  }
}

async function runSession(
  plan: SessionPlan,
  name: string,
  world: World,
): Promise<void> {
  await world.pacer.pause(plan.pauseMs, world.signal);
  const { server, transport, revision, canBeAsked } = plan;
  const token = world.tokens[plan.token] as SoakToken;
  const options = { name, server, transport, revision, token, canBeAsked };
  const session = await openSession(options, plan.handshakeFault, world);
  if (session.state !== "open") {
    if (session instanceof SseSession) await session.end();
    return await session.quiet();
  }
  const entry = reachable(session);
  if (entry) world.strangers.add(entry);
  try {
    await live(session, plan, world);
  } finally {
    if (entry) world.strangers.remove(entry.id);
    await leave(session, plan, world);
  }
}

/** How strangers could get into it. */
function reachable(session: SoakSession): Reachable | undefined {
  if (!(session instanceof LegacySession)) return undefined;
  const { id = "", transport, server, token } = session;
  return { id, transport, server: server.name, token: token.name };
}

async function live(
  session: SoakSession,
  plan: SessionPlan,
  world: World,
): Promise<void> {
  if (plan.listens) listen(session, world);
  for (const step of plan.steps) {
    await world.pacer.pause(step.pauseMs, world.signal);
    if (session.state !== "open") return;
    await perpetrate(step, session, world);
  }
}

function listen(session: SoakSession, world: World): void {
  if (session instanceof StreamableSession) session.listen();
  if (session instanceof ModernSession) {
    subscribe(session, `soak://${session.name}`, world);
  }
}

async function leave(
  session: SoakSession,
  { ending, triedAfterwards }: SessionPlan,
  world: World,
): Promise<void> {
  const wasOpen = session.state === "open";
  const isOver = world.signal.aborted;
  world.findings.count(`left by ${ending}`);
  if (isOver || ending === "end") await session.end();
  else session.vanish();
  const isToBeTried = wasOpen && !isOver && triedAfterwards &&
    ending === "end";
  if (isToBeTried && session instanceof LegacySession) {
    await tryAgain(session, world);
  }
  session.close();
  await session.quiet();
}

/** A session that is over is answered with 404, whatever is asked. */
async function tryAgain(
  session: LegacySession,
  world: World,
): Promise<void> {
  const methods = ["GET", "POST", "DELETE"] as const;
  const until = performance.now() + NOTICED_WITHIN_MS;
  for (const method of methods) {
    let { status } = await session.status(method);
    while (
      session.transport === "sse" && status !== NOT_FOUND &&
      performance.now() < until
    ) {
      await delay(LOOK_AGAIN_MS);
      status = (await session.status(method)).status;
    }
    world.findings.count("dead sessions tried");
    if (status === NOT_FOUND) continue;
    const text = `${session.described} is over and got ${status} to ${method}`;
    world.findings.fail("unexpected refusal", text);
  }
}
