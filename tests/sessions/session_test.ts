// One session from its first message to its end, and what the log says of it.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GatewayError } from "../../lib/errors.ts";
import { Session } from "../../lib/sessions/session.ts";
import { logInto } from "../support/log_lines.ts";
import type { LogLine } from "../support/log_lines.ts";
import { MemoryChannel } from "../support/memory_channel.ts";
import { openContext } from "../support/open_context.ts";

class MemoryClient extends MemoryChannel {
  readonly revision = undefined;
  readonly over = new Promise<undefined>(() => {});
  busy = false;
  readonly openCalls = 0;
  hangUp(): void {
    this.leave();
  }
}

function sessionWith(
  channel: MemoryClient,
  behind: MemoryChannel,
  lines: LogLine[],
  revoked?: AbortSignal,
): Session {
  const { principal, limits, memory } = openContext();
  return new Session({
    id: "session id",
    owner: revoked === undefined ? principal : { ...principal, revoked },
    limits,
    memory,
    transport: "streamable-http",
    path: "/files",
    backend: { name: "broken", open: () => Promise.resolve(behind) },
    channel,
    log: logInto(lines),
  });
}

describe("a session", () => {
  it("is idle from the end of its last stream on, not from its last message", () => {
    const channel = new MemoryClient();
    const session = sessionWith(channel, new MemoryChannel(), []);
    const start = Date.now();
    channel.busy = true;
    assert.equal(session.idleMs(start + 7_200_000), 0);
    channel.busy = false;
    assert.equal(session.idleMs(start + 7_201_000), 1_000);
  });

  it("is idle from when it was last found used, by either side", () => {
    const session = sessionWith(new MemoryClient(), new MemoryChannel(), []);
    const start = Date.now();
    session.touch();
    assert.equal(session.idleMs(start + 7_200_000), 0);
    assert.equal(session.idleMs(start + 7_201_000), 1_000);
    session.touch();
    assert.equal(session.idleMs(start + 7_202_000), 0);
  });

  it("ends at once where its token was revoked since the request was let in", async () => {
    const lines: LogLine[] = [];
    const reason = new GatewayError("invalid_token", "The token has expired");
    const session = sessionWith(
      new MemoryClient(),
      new MemoryChannel(),
      lines,
      AbortSignal.abort(reason),
    );
    session.start();
    await session.ended;
    const told = lines.find(({ msg }) => msg === "Session closed");
    assert.equal(told?.reason, "The token has expired");
  });

  it("says in the log where an unforeseen error was, and nothing of it to the client", async () => {
    const lines: LogLine[] = [];
    const channel = new MemoryClient();
    const behind = new MemoryChannel();
    const session = sessionWith(channel, behind, lines);
    session.start();
    channel.say({ id: 1, method: "initialize" });
    await behind.hear();
    behind.leave(new TypeError("words of the error"));
    const answer = await channel.hear();
    assert.match(JSON.stringify(answer?.error), /"fault":"internal"/);
    assert.doesNotMatch(JSON.stringify(answer), /words of the error|\.ts:/);
    await session.ended;
    const told = lines.find(({ level }) => level === "ERROR");
    assert.equal(told?.msg, "Session failed");
    assert.equal(told?.error, "TypeError");
    assert.match(JSON.stringify(told?.at), /session_test\.ts/);
    assert.doesNotMatch(JSON.stringify(lines), /words of the error/);
  });
});
