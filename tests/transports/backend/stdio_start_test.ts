import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { stdioBackend } from "../../../lib/transports/backend/stdio.ts";
import { logInto } from "../../support/log_lines.ts";
import { openContext } from "../../support/open_context.ts";
import { drain, openShell } from "../../support/shell_child.ts";

describe("starting a child", () => {
  it("says that its command is not found", async () => {
    await assert.rejects(openShell("", { command: "no-such-command" }), {
      fault: "backend_unavailable",
      message:
        'Server "files" cannot be started: command "no-such-command" not found',
    });
  });

  it("says that its folder does not exist", async () => {
    await assert.rejects(openShell("", { cwd: "/no/such/folder" }), {
      fault: "backend_unavailable",
      message: /the folder it should run in does not exist/,
    });
  });

  it("says that its command may not be executed", async () => {
    await assert.rejects(openShell("", { command: "/etc/passwd" }), {
      fault: "backend_unavailable",
      message: /command "\/etc\/passwd" may not be executed/,
    });
  });

  it("is not done for a session that has ended", async () => {
    const backend = stdioBackend(
      "files",
      { command: "true", args: [], env: {}, cwd: "/" },
      logInto([]),
    );
    const ended = AbortSignal.abort(new Error("session over"));
    await assert.rejects(backend.open(openContext(ended)), /session over/);
  });

  it("gives it the environment of the options and nothing else", async () => {
    process.env.GATEWAY_SECRET = "of the gateway";
    const script =
      `printf '{"jsonrpc":"2.0","method":"%s"}\\n' "$OWN/$GATEWAY_SECRET"`;
    const env = { PATH: process.env.PATH ?? "", OWN: "own" };
    await using opened = await openShell(script, { env });
    delete process.env.GATEWAY_SECRET;
    const { texts } = await drain(opened.channel);
    assert.deepEqual(texts, ['{"jsonrpc":"2.0","method":"own/"}']);
  });
});
