// Opens a session and judges how that went.

import { judgeError, judgeRefusal } from "./perform.ts";
import type { ClientKind } from "./client_kind.ts";
import { ModernSession } from "./exchanges/modern_session.ts";
import type { SessionOptions, SoakSession } from "./session.ts";
import { SseSession } from "./sse_session.ts";
import { StreamableSession } from "./streamable_session.ts";
import type { World } from "../world.ts";

const SESSIONS = {
  sse: SseSession,
  "streamable-http": StreamableSession,
  exchanges: ModernSession,
} as const;

/** Opens a session; it is `open` or `over` then. `fault` is how its server fails in the handshake. */
export async function openSession(
  options: SessionOptions & { readonly transport: ClientKind },
  fault: string | undefined,
  world: World,
): Promise<SoakSession> {
  const session = new SESSIONS[options.transport](options, world);
  if (fault !== undefined) {
    session.excuses.crashedAt = performance.now();
    world.findings.count(`injected ${session.server.transport} ${fault}`);
  }
  const since = performance.now();
  const greeting = session.greeting(fault);
  const method = greeting.method as string;
  const outcome = await session.open(greeting);
  if (outcome.kind === "refused") {
    judgeRefusal(outcome, session, method, world);
  } else if (outcome.kind === "error") {
    await judgeError(outcome, session, method, world);
  } else if (outcome.kind === "result") {
    world.findings.count("sessions opened");
    if (fault === undefined) {
      world.findings.took("opening", performance.now() - since);
    }
    checkServer(outcome.result, session, world);
  }
  return session;
}

function checkServer(result: unknown, session: SoakSession, world: World) {
  const server = session.serverIn(result);
  if (server === session.server.says) return;
  const text = `${session.described} met the server ${server}`;
  world.findings.fail("wrong answer", text);
}
