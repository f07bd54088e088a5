// Does what a plan says in a session.

import { setTimeout as delay } from "node:timers/promises";
import type { Call } from "./calls.ts";
import { crash } from "./crash.ts";
import { openSession } from "./open_session.ts";
import { begin, finish, judgeError, perform } from "./perform.ts";
import { PROBE } from "../plan/plan.ts";
import type { Deed, RoundWay } from "../plan/plan_step.ts";
import { sendRubbish } from "./send_rubbish.ts";
import { LOST_AFTER_MS } from "./session.ts";
import type { SoakSession } from "./session.ts";
import { askInRounds } from "./exchanges/ask_in_rounds.ts";
import { ModernSession } from "./exchanges/modern_session.ts";
import { listenToChanges } from "./exchanges/subscriptions.ts";
import { SseSession } from "./sse_session.ts";
import { StreamableSession } from "./streamable_session.ts";
import { intrude } from "./intrude.ts";
import { isOneChild } from "../servers/servers.ts";
import type { World } from "../world.ts";

const BIG: Call = {
  tool: "big",
  args: { form: "json", bytes: 1_000_000 },
  size: 0,
};
const HUGE: Call = {
  tool: "big",
  args: { form: "json", bytes: 6_000_000 },
  size: 0,
};
const LOUD: Call = {
  tool: "chatter",
  args: { form: "json", count: 40, bytes: 200_000 },
  size: 0,
};
/** The same for who listens to changes. */
const CHANGES: Call = {
  tool: "change",
  args: { form: "json", count: 40, bytes: 200_000 },
  size: 0,
};
const DISCOVER = "server/discover";
const LISTEN_MS = 200;
/** The one revision in which every stream of a call can be resumed. */
const RESUMABLE = "2025-11-25";

/** These say nothing in the session itself, which would be taken for idle after two of them. */
const ELSEWHERE: readonly Deed["do"][] = ["rubbish", "stranger", "crowd"];

/** Does one deed. */
export async function perpetrate(
  deed: Deed,
  session: SoakSession,
  world: World,
): Promise<void> {
  await perpetrateOnly(deed, session, world);
  if (!ELSEWHERE.includes(deed.do)) return;
  if (session.state === "open") await ping(session, world);
}

async function perpetrateOnly(
  deed: Deed,
  session: SoakSession,
  world: World,
): Promise<void> {
  switch (deed.do) {
    case "calls":
    case "flood":
      return await makeCalls(session, deed.calls, world);
    case "ping":
      return await ping(session, world);
    case "cancel":
      return await cancel(session, deed.call, deed.afterMs, world);
    case "fault":
      return await crash(session, deed.fault, deed.beside, world);
    case "stall":
      return await stall(session, deed.how, deed.forMs, world);
    case "vanish":
      return await vanish(session, deed, world);
    case "resume":
      return await resume(session, deed.call, world);
    case "listen":
      return await listen(session, deed.streams, world);
    case "rounds":
      return await inRounds(session, deed.way, deed.afterMs, world);
    case "rubbish":
      return await sendRubbish(deed.rubbish, session, world);
    case "stranger":
      return await intrude(session.token, world);
    case "crowd":
      return await crowd(session, deed.sessions, world);
  }
}

async function makeCalls(
  session: SoakSession,
  calls: readonly Call[],
  world: World,
): Promise<void> {
  await Promise.all(calls.map((call) => perform(session, call, world)));
}

async function ping(session: SoakSession, world: World): Promise<void> {
  const since = performance.now();
  const method = session instanceof ModernSession ? DISCOVER : "ping";
  const { outcome } = session.start(session.request(method, {}));
  const answer = await outcome;
  const { kind } = answer;
  world.findings.took("ping", performance.now() - since);
  // A session is answered by the gateway; this asks the server, unless it is known.
  if (kind === "error" && session instanceof ModernSession) {
    return await judgeError(answer, session, method, world);
  }
  if (kind === "result" || session.state !== "open") return;
  if (kind === "refused" || kind === "left") return;
  world.findings.fail("wrong answer", `${session.described}: ping got ${kind}`);
}

async function cancel(
  session: SoakSession,
  call: Call,
  afterMs: number,
  world: World,
): Promise<void> {
  const { running } = begin(session, call);
  await Promise.race([running.outcome, delay(afterMs)]);
  if (!session.pending.waits(running.id)) return;
  world.findings.count("cancelled");
  session.takeBack(running);
}

async function stall(
  session: SoakSession,
  how: "answer" | "stream",
  forMs: number,
  world: World,
): Promise<void> {
  world.findings.count(`stalled ${session.transport} ${how}`);
  // One child serves all clients of the token: the others may have to wait for this one.
  if (isOneChild(session.server)) world.troubles.strike(session.shared);
  if (how === "answer" && !(session instanceof SseSession)) {
    session.excuses.stalledAt = performance.now();
    const begun = begin(session, HUGE);
    begun.running.hold(forMs);
    const running = setTimeout(
      () => begun.running.leave("reset"),
      forMs + LOST_AFTER_MS / 2,
    );
    await finish(begun, world);
    return clearTimeout(running);
  }
  const loud = session instanceof SseSession
    ? Array.from({ length: 8 }, () => BIG)
    : [session instanceof ModernSession ? CHANGES : LOUD];
  const stalled = session.stall(forMs);
  session.excuses.leftAt = performance.now();
  await makeCalls(session, loud, world);
  await stalled;
}

async function vanish(
  session: SoakSession,
  deed: Deed & { do: "vanish" },
  world: World,
): Promise<void> {
  const begun = deed.calls.map((call) => begin(session, call));
  await delay(deed.afterMs);
  world.findings.count("vanished in a call");
  session.excuses.leftAt = performance.now();
  for (const { running } of begun) running.leave(deed.how);
  await Promise.all(begun.map((one) => finish(one, world)));
}

async function resume(
  session: SoakSession,
  call: Call,
  world: World,
): Promise<void> {
  const begun = begin(session, call);
  const seen = await begun.running.resumable;
  const resumes = session instanceof StreamableSession &&
    session.options.revision === RESUMABLE && seen !== undefined &&
    session.pending.waits(begun.running.id);
  if (resumes) {
    world.findings.count("resumed");
    session.excuses.leftAt = performance.now();
    begun.running.interrupt();
    await delay(20);
    session.resume(begun.running);
  }
  await finish(begun, world);
}

async function listen(
  session: SoakSession,
  streams: number,
  world: World,
): Promise<void> {
  if (session instanceof ModernSession) {
    return await listenToChanges(session, streams, world);
  }
  if (!(session instanceof StreamableSession)) return;
  const open = Array.from({ length: streams }, () => session.listen());
  await delay(LISTEN_MS);
  session.excuses.leftAt = performance.now();
  await perform(session, PROBE, world);
  for (const exchange of open) exchange.leave();
}

async function inRounds(
  session: SoakSession,
  way: RoundWay,
  afterMs: number,
  world: World,
): Promise<void> {
  if (!(session instanceof ModernSession)) return;
  await askInRounds(session, way, afterMs, world);
}

/** Many sessions at once: more than the token may have, perhaps. */
async function crowd(
  { name, options, transport }: SoakSession,
  count: number,
  world: World,
): Promise<void> {
  world.findings.count("crowds");
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const one = {
        ...options,
        name: `${name}-crowd${index}`,
        transport: transport === "sse" ? "streamable-http" : transport,
        isApart: true,
      } as const;
      const session = await openSession(one, undefined, world);
      if (session.state === "open") await perform(session, PROBE, world);
      await session.end();
      await session.quiet();
    }),
  );
}
