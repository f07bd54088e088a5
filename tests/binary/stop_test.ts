// How mcp-front ends: on a signal, on a second one, and by a fault.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { startGateway } from "../support/gateway_process.ts";
import type { GatewayProcess } from "../support/gateway_process.ts";
import { PROGRAMS } from "../support/program.ts";
import { PuppetServer } from "../support/puppet_server.ts";
import { ended } from "../support/running.ts";
import { configWith, DEV_TOKEN, SOME } from "../support/simple_config.ts";
import {
  answerOf,
  initialize,
  post,
  request,
  StreamableSession,
} from "../support/streamable_session.ts";

/** All of the end takes no longer than this, whatever is under way. */
const STOP_LIMIT_MS = 5_000;
/** What a busy machine may add to it. */
const SLACK_MS = 1_500;

/** A session with a server that the test plays. */
async function begin(gateway: GatewayProcess, puppet: PuppetServer) {
  const url = `${gateway.url}/puppet/mcp`;
  const [session] = await Promise.all([
    StreamableSession.begin({ url, token: DEV_TOKEN }),
    puppet.hello(),
  ]);
  const { pid } = await gateway.logged("Backend started");
  return { session, pid: pid as number };
}

for (const how of PROGRAMS) {
  describe(`mcp-front (${how}) on SIGTERM`, () => {
    it("ends with 0 at once when nothing is under way", async () => {
      const gateway = await startGateway({ config: configWith(SOME), how });
      assert.deepEqual(await gateway.stop(), { code: 0, signal: null });
      const messages = gateway.logs().trimEnd().split("\n")
        .map((line) => JSON.parse(line).msg);
      assert.deepEqual(messages.slice(-2), ["Stopping", "Stopped"]);
    });

    it("lets a call finish, then ends streams and children", async () => {
      await using puppet = await PuppetServer.start();
      const config = configWith({ puppet: puppet.entry });
      await using gateway = await startGateway({ config, how });
      const { session, pid } = await begin(gateway, puppet);
      const stream = await session.listen();
      const call = session.post(request(1, "tools/call"));
      await puppet.asked("tools/call");
      const stopped = gateway.stop();
      await gateway.logged("Stopping");
      const refused = await post(session.url, DEV_TOKEN, initialize());
      assert.equal(refused.status, 503);
      assert.equal((await refused.json()).error.data.fault, "shutting_down");
      await puppet.answer("tools/call", { content: [] });
      const answer = await answerOf(await call);
      assert.deepEqual(answer.result, { content: [] });
      await stream.text().catch(() => "cut");
      assert.deepEqual(await stopped, { code: 0, signal: null });
      await ended(pid);
    });

    it("ends in time when a call never finishes", async () => {
      await using puppet = await PuppetServer.start();
      const config = configWith({ puppet: puppet.entry });
      await using gateway = await startGateway({ config, how });
      const { session, pid } = await begin(gateway, puppet);
      const call = session.post(request(1, "tools/call"))
        .then(answerOf, () => "cut");
      await puppet.asked("tools/call");
      const start = performance.now();
      const { code } = await gateway.stop();
      const took = performance.now() - start;
      assert.equal(code, 0);
      assert.ok(took < STOP_LIMIT_MS + SLACK_MS, `${took} ms`);
      await call;
      await ended(pid);
    });
  });
}

describe("a second signal", () => {
  for (
    const [second, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const
  ) {
    it(`ends mcp-front at once, with ${code} for ${second}`, async () => {
      await using puppet = await PuppetServer.start();
      const config = configWith({ puppet: puppet.entry });
      await using gateway = await startGateway({ config });
      const { session, pid } = await begin(gateway, puppet);
      const call = session.post(request(1, "tools/call"))
        .then(answerOf, () => "cut");
      await puppet.asked("tools/call");
      gateway.signal(second === "SIGINT" ? "SIGTERM" : "SIGINT");
      await gateway.logged("Stopping");
      const start = performance.now();
      assert.deepEqual(await gateway.stop(second), { code, signal: null });
      const took = performance.now() - start;
      assert.ok(took < SLACK_MS, `${took} ms`);
      await call;
      await ended(pid);
    });
  }

  it("is not what a terminal and a task runner make of one Ctrl-C", async () => {
    await using puppet = await PuppetServer.start();
    const config = configWith({ puppet: puppet.entry });
    await using gateway = await startGateway({ config });
    const { session } = await begin(gateway, puppet);
    const call = session.post(request(1, "tools/call"));
    await puppet.asked("tools/call");
    gateway.signal("SIGINT");
    gateway.signal("SIGINT");
    await gateway.logged("Stopping");
    await puppet.answer("tools/call", {});
    assert.equal((await call).status, 200);
    assert.equal((await gateway.ended).code, 0);
  });
});

describe("a fault that nobody caught", () => {
  const folder = mkdtempSync(join(tmpdir(), "mcp-front-fault-"));
  after(() => rmSync(folder, { recursive: true }));

  for (const kind of ["throw", "Promise.reject"]) {
    it(`is logged without its text, and ends with 1 (${kind})`, async () => {
      const fault = join(folder, "fault.ts");
      writeFileSync(
        fault,
        `process.on("SIGUSR2", () => {
          ${kind}(new TypeError("quoting hidden-value"));
        });`,
      );
      await using puppet = await PuppetServer.start();
      await using gateway = await startGateway({
        config: configWith({ puppet: puppet.entry }),
        env: { BUN_OPTIONS: `--preload=${fault}` },
      });
      const { pid } = await begin(gateway, puppet);
      assert.equal((await gateway.stop("SIGUSR2")).code, 1);
      const line = await gateway.logged("Crashed");
      assert.deepEqual([line.level, line.error], ["ERROR", "TypeError"]);
      assert.match(String(line.at), /fault\.ts/);
      assert.ok(!gateway.logs().includes("hidden-value"));
      await ended(pid);
    });
  }
});
