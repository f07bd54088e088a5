import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import process from "node:process";
import { stdioBackend } from "../../../lib/transports/backend/stdio.ts";
import { logInto } from "../../support/log_lines.ts";
import type { LogLine } from "../../support/log_lines.ts";
import { openContext } from "../../support/open_context.ts";
import { ended, isRunning } from "../../support/running.ts";
import { scriptCommand } from "../../support/stdio_peer.ts";

const SLOW = { timeout: 15_000 };

/** Starts a script that first tells one pid, and closes its channel. */
async function closing(script: string) {
  const lines: LogLine[] = [];
  const backend = stdioBackend("child", {
    command: "sh",
    args: ["-c", script],
    env: { PATH: process.env.PATH ?? "" },
    cwd: process.cwd(),
  }, logInto(lines));
  const channel = await backend.open(openContext());
  const { value } = await channel[Symbol.asyncIterator]().next();
  const pid = Number(value?.message().params?.pid);
  assert.ok(isRunning(pid));
  const start = performance.now();
  await channel.close();
  const seconds = (performance.now() - start) / 1_000;
  const exit = lines.find(({ msg }) => msg === "Backend exited");
  return { pid, seconds, exit };
}

function tell(pid: string): string {
  return `printf '{"jsonrpc":"2.0","method":"x","params":{"pid":%s}}\\n' ${pid};`;
}

describe("closing a stdio channel", () => {
  it("lets a child leave by itself when its input ends", async () => {
    const { pid, seconds, exit } = await closing(
      `${tell("$$")} cat >/dev/null; exit 7`,
    );
    assert.ok(!isRunning(pid));
    assert.equal(exit?.code, 7);
    assert.ok(seconds < 1.5, `${seconds}`);
  });

  it(
    "terminates after two seconds one that stays, and its descendants",
    SLOW,
    async () => {
      const { pid, seconds, exit } = await closing(
        `sh -c 'sleep 1000; true' & ${tell("$!")} wait`,
      );
      assert.ok(!isRunning(pid));
      assert.equal(exit?.signal, "SIGTERM");
      assert.ok(seconds >= 1.9 && seconds < 4.5, `${seconds}`);
    },
  );

  it("kills after three more one that ignores that", SLOW, async () => {
    const { pid, seconds, exit } = await closing(
      `trap '' TERM; ${tell("$$")} while true; do sleep 1; done`,
    );
    assert.ok(!isRunning(pid));
    assert.equal(exit?.signal, "SIGKILL");
    assert.ok(seconds >= 4.9 && seconds < 8, `${seconds}`);
  });

  it(
    "clears up after a leader that has left descendants behind",
    SLOW,
    async () => {
      const { pid, exit } = await closing(
        `sleep 1000 & ${tell("$!")} cat >/dev/null; exit 0`,
      );
      assert.ok(!isRunning(pid));
      assert.equal(exit?.code, 0);
    },
  );
});

describe("a process that ends", () => {
  it("takes the children of its open channels with it", SLOW, async () => {
    const { command, args } = scriptCommand("leaver.ts");
    const { stdout, status } = spawnSync(command, args, { encoding: "utf8" });
    assert.equal(status, 0);
    await ended(Number(stdout.trim()));
  });
});
