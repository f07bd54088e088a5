// How mcp-front starts, in each of the ways to run it, and what it says when it cannot.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { GatewayProcess, startGateway } from "../support/gateway_process.ts";
import { PROGRAMS } from "../support/program.ts";
import { PuppetServer } from "../support/puppet_server.ts";
import { configWith, DEV_TOKEN, SOME } from "../support/simple_config.ts";
import { StreamableSession } from "../support/streamable_session.ts";

/** What a gateway that ends by itself wrote, and its exit code. */
async function failureOf(
  options: ConstructorParameters<typeof GatewayProcess>[0],
) {
  const gateway = new GatewayProcess(options);
  const { code } = await gateway.ended;
  return { code, logs: gateway.logs() };
}

for (const how of PROGRAMS) {
  describe(`mcp-front (${how})`, () => {
    it("takes a free port for port 0, and says where it listens", async () => {
      await using puppet = await PuppetServer.start();
      const config = configWith({ puppet: puppet.entry });
      await using gateway = await startGateway({ config, how });
      const line = await gateway.logged("Listening");
      assert.match(gateway.url, /^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
      assert.equal(`http://${line.address}`, gateway.url);
      assert.deepEqual(line.servers, ["puppet"]);
      assert.match(String(line.version), /^\d+\.\d+\.\d+/);
      const health = await fetch(`${gateway.url}/health`);
      assert.deepEqual(await health.json(), {
        status: "ok",
        service: "mcp-front",
      });
    });

    it("joins a client to a server, and logs JSON lines only", async () => {
      await using puppet = await PuppetServer.start();
      const config = configWith({ puppet: puppet.entry });
      await using gateway = await startGateway({ config, how });
      const url = `${gateway.url}/puppet/mcp`;
      const [session] = await Promise.all([
        StreamableSession.begin({ url, token: DEV_TOKEN }),
        puppet.hello(),
      ]);
      const [answer] = await Promise.all([
        session.call(7, "tools/list"),
        puppet.answer("tools/list", { tools: [] }),
      ]);
      assert.deepEqual(answer.result, { tools: [] });
      await gateway.stop();
      for (const line of gateway.logs().trimEnd().split("\n")) {
        assert.deepEqual(Object.keys(JSON.parse(line)).slice(0, 3), [
          "time",
          "level",
          "msg",
        ]);
      }
      assert.ok(!gateway.logs().includes(DEV_TOKEN));
    });

    it("says that a port is in use and what to do, and ends with 1", async () => {
      const other = createServer();
      await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
      const { port } = other.address() as AddressInfo;
      const config = configWith(SOME, { addr: `127.0.0.1:${port}` });
      const { code, logs } = await failureOf({ config, how });
      other.close();
      assert.equal(code, 1);
      const { level, msg, hint } = lastOf(logs);
      assert.equal(level, "ERROR");
      assert.equal(
        msg,
        `cannot listen on 127.0.0.1:${port}: port ${port} is in use`,
      );
      assert.match(String(hint), /set proxy\.addr in .* to another port/);
    });

    it("does not share the port of another gateway", async () => {
      await using gateway = await startGateway({
        config: configWith(SOME),
        how,
      });
      const addr = gateway.url.slice("http://".length);
      const config = configWith(SOME, { addr });
      assert.equal((await failureOf({ config, how })).code, 1);
    });

    it("logs every problem of its configuration, and ends with 2", async () => {
      const config = { ...configWith({ files: { comand: "x" } }), extra: 1 };
      const { code, logs } = await failureOf({ config, how });
      assert.equal(code, 2);
      const lines = logs.trimEnd().split("\n").map((line) => JSON.parse(line));
      const problems = lines.filter(({ msg }) =>
        msg === "Configuration problem"
      );
      assert.ok(problems.length >= 2, logs);
      for (const { level, file, line, column, problem } of problems) {
        assert.deepEqual([level, line], ["ERROR", 1]);
        assert.ok(column > 0 && file && problem);
      }
      assert.match(lastOf(logs).msg, /cannot be used as configuration$/);
    });
  });
}

describe("the start of mcp-front", () => {
  it("logs the warnings of its configuration", async () => {
    const tokens = { dev: "short" };
    const auth = { kind: "bearer_token", tokens };
    await using gateway = await startGateway({
      config: configWith(SOME, { auth }),
    });
    const { level, path } = await gateway.logged("Configuration warning");
    assert.deepEqual([level, path], ["WARN", "proxy.auth.tokens.dev"]);
  });

  it("with LOG_FORMAT=text speaks to a person, also of failures", async () => {
    const config = configWith(SOME, { addr: "203.0.113.9:0" });
    const env = { LOG_FORMAT: "text" };
    const { code, logs } = await failureOf({ config, env });
    assert.equal(code, 1);
    assert.match(
      logs,
      /^mcp-front: error: cannot listen on 203\.0\.113\.9:0: .*\nmcp-front: hint: /,
    );
  });

  it("with LOG_LEVEL=error says nothing of a good start", async () => {
    const env = { LOG_LEVEL: "ERROR" };
    const gateway = new GatewayProcess({
      config: configWith(SOME, { addr: "127.0.0.1:0" }),
      env,
    });
    // Nothing tells that it is up: it is asked to stop until it does.
    const asking = setInterval(() => gateway.signal("SIGTERM"), 500);
    await gateway.ended;
    clearInterval(asking);
    assert.equal(gateway.logs(), "");
  });
});

function lastOf(logs: string) {
  return JSON.parse(logs.trimEnd().split("\n").at(-1) ?? "");
}
