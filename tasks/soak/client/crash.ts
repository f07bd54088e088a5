// Makes a session's server fail, and sees to it that nobody waits for it and the session goes on.

import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Call } from "./calls.ts";
import { begin, finish, perform } from "./perform.ts";
import type { Done } from "./perform.ts";
import { PROBE } from "../plan/plan.ts";
import type { SoakSession } from "./session.ts";
import type { World } from "../world.ts";

/** Until everyone who waited for a dead child knows. */
const TOLD_WITHIN_MS = 2_500;
/** Until a session works again whose server can be started; the gateway waits up to 30 s of it. */
const RECOVERED_WITHIN_MS = 40_000;
const PROBE_AGAIN_MS = 250;
/** Those that answer like any other call. */
const HARMLESS = ["deaf", "orphan"];

/** Commands a fault, with other calls under way. */
export async function crash(
  session: SoakSession,
  fault: Call,
  beside: readonly Call[],
  world: World,
): Promise<void> {
  const before = await perform(session, PROBE, world);
  if (session.state !== "open") return;
  const others = beside.map((call) => begin(session, call));
  const isHarmless = HARMLESS.includes(fault.tool);
  if (!isHarmless) session.crashed();
  const begun = begin(session, fault);
  world.findings.count(`injected ${session.server.transport} ${fault.tool}`);
  const done = await Promise.all(
    [begun, ...others].map((one) => finish(one, world)),
  );
  if (isHarmless) return;
  const dies = session.server.transport === "stdio" && fault.tool !== "hang";
  if (dies && before.outcome.kind === "result") told(session, done, world);
  await recover(session, world);
  checkRanOnce(begun.sent.nonce, session, world);
}

function told(session: SoakSession, done: readonly Done[], world: World): void {
  for (const { tookMs, outcome } of done) {
    if (outcome.kind !== "error") continue;
    world.findings.took("crash to error", tookMs);
    if (tookMs < TOLD_WITHIN_MS) continue;
    world.findings.fail(
      "late answer",
      `${session.described} was told of a crash after ${
        Math.round(tookMs)
      } ms: ${outcome.message}`,
    );
  }
}

/** Calls until the server answers again. */
async function recover(session: SoakSession, world: World): Promise<void> {
  const began = performance.now();
  const { remote } = session.server;
  while (session.state === "open" && !world.signal.aborted) {
    const { outcome } = await perform(session, PROBE, world);
    const ms = performance.now() - began;
    if (outcome.kind === "result") {
      session.crashed();
      return world.findings.took("recovery", ms);
    }
    const upMs = remote ? Math.min(ms, world.troubles.upForMs(remote)) : ms;
    if (upMs > RECOVERED_WITHIN_MS) {
      return session.lost(`has not worked for ${Math.round(ms)} ms`);
    }
    await delay(PROBE_AGAIN_MS);
  }
}

function checkRanOnce(
  nonce: string,
  session: SoakSession,
  { ran, findings }: World,
): void {
  const name = createHash("sha256").update(nonce).digest("hex");
  const file = join(ran, name);
  const twice = `${file}.twice`;
  if (existsSync(twice)) {
    findings.fail("ran twice", `${session.described}: the call ${nonce}`);
  }
  rmSync(file, { force: true });
  rmSync(twice, { force: true });
}
