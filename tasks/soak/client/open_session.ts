// Opens a session and judges how that went.

import { judgeError, judgeRefusal } from "./perform.ts";
import type { SessionOptions, SoakSession } from "./session.ts";
import { SseSession } from "./sse_session.ts";
import { StreamableSession } from "./streamable_session.ts";
import type { World } from "../world.ts";

/** Opens a session; it is `open` or `over` then. `fault` is how its server fails in the handshake. */
export async function openSession(
  options: SessionOptions & {
    readonly transport: "sse" | "streamable-http";
    readonly revision: string;
  },
  fault: string | undefined,
  world: World,
): Promise<SoakSession> {
  const session = options.transport === "sse"
    ? new SseSession(options, world)
    : new StreamableSession(options, world);
  if (fault !== undefined) {
    session.excuses.crashedAt = performance.now();
    world.findings.count(`injected ${session.server.transport} ${fault}`);
  }
  const since = performance.now();
  const soak = fault === undefined ? {} : { fault };
  const outcome = await session.open(session.request("initialize", {
    protocolVersion: options.revision,
    capabilities: { sampling: {}, experimental: { soak } },
    clientInfo: { name: options.name, version: "1" },
  }));
  if (outcome.kind === "refused") {
    judgeRefusal(outcome, session, "initialize", world);
  } else if (outcome.kind === "error") {
    await judgeError(outcome, session, "initialize", world);
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
  const { serverInfo } = result as { serverInfo?: { name?: string } };
  if (serverInfo?.name === session.server.says) return;
  const text = `${session.described} met the server ${serverInfo?.name}`;
  world.findings.fail("wrong answer", text);
}
