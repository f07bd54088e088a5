// The deaths of a supervised backend in mid-session, and its restarts.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "../../lib/protocol/messages.ts";
import type { Puppet } from "../support/puppets.ts";
import { ended } from "../support/running.ts";
import { INITIALIZE, SupervisedClient } from "../support/supervised_client.ts";

const LIMIT = { timeout: 60_000 };
/** Far less than any limit of time that could have ended the wait instead. */
const PROMPTLY_MS = 3_000;
const CHANGING = {
  tools: { listChanged: true },
  prompts: { listChanged: false },
  resources: { listChanged: true, subscribe: true },
  logging: {},
};

function faultOf({ error }: Message): unknown {
  return (error?.data as { fault?: string } | undefined)?.fault;
}

function paramsOf(puppet: Puppet, method: string): unknown[] {
  return puppet.heard.all.filter(({ message }) => message.method === method)
    .map(({ message }) => message.params);
}

describe("a backend that dies in mid-session", () => {
  it(
    "has all open requests answered at once with how it died, and the next one served by another",
    LIMIT,
    async () => {
      const { client, first } = await SupervisedClient.begin();
      await using _ = client;
      await client.say({ id: 1, method: "x/slow" });
      await client.say({ id: "1", method: "x/slower" });
      await first.told("x/slower");
      const began = performance.now();
      await client.kill();
      for (const id of [1, "1"]) {
        const answer = await client.answer(id);
        assert.equal(faultOf(answer), "backend_exited");
        const said = /^Server "files" was ended by SIGKILL/;
        assert.match(answer.error?.message ?? "", said);
      }
      assert.ok(performance.now() - began < PROMPTLY_MS);
      await client.say({ id: 2, method: "x/ask", params: { a: 1 } });
      const second = await client.puppets.life(2);
      await second.hello();
      await second.answer("x/ask", { served: "by the second" });
      assert.deepEqual((await client.answer(2)).result, {
        served: "by the second",
      });
      assert.deepEqual(second.methods, [
        "initialize",
        "notifications/initialized",
        "x/ask",
      ]);
      const [initialize] = second.heard.all;
      assert.equal(initialize?.text, INITIALIZE);
      assert.equal(client.heard.all.length, 4, client.texts.join("\n"));
    },
  );

  it("is started by a request only, and only once", LIMIT, async () => {
    const { client } = await SupervisedClient.begin();
    await using _ = client;
    await client.kill();
    await client.say({ method: "notifications/roots/list_changed" });
    await client.say({ id: "old", result: {} });
    await client.say({ id: 1, method: "x/ask" });
    await client.say({ method: "x/meanwhile" });
    await client.say({ id: 2, method: "x/ask" });
    const second = await client.puppets.life(2);
    await second.hello();
    await second.heard.until("request 2", ({ message }) => message.id === 2);
    assert.deepEqual(second.methods, [
      "initialize",
      "notifications/initialized",
      "x/ask",
      "x/meanwhile",
      "x/ask",
    ]);
    assert.equal(client.puppets.count, 2);
    const dropped = client.logged("Message dropped");
    assert.deepEqual(dropped.map(({ level, method }) => [level, method]), [
      ["DEBUG", "notifications/roots/list_changed"],
      ["DEBUG", undefined],
    ]);
  });

  it("tells the log of its deaths and restarts", LIMIT, async () => {
    const { client } = await SupervisedClient.begin();
    await using _ = client;
    await client.kill();
    await client.say({ id: 1, method: "x/ask" });
    await (await client.puppets.life(2)).hello();
    const restarted = await client.log.until(
      "the restart",
      ({ msg }) => msg === "Backend restarted",
    );
    const { level, server, session, attempt, duration_ms } = restarted;
    assert.deepEqual([level, server, session, attempt], [
      "INFO",
      "files",
      "test",
      1,
    ]);
    assert.ok((duration_ms as number) > 0);
    const [failed] = client.logged("Backend failed");
    assert.deepEqual(failed, {
      level: "WARN",
      msg: "Backend failed",
      server: "files",
      session: "test",
      fault: "backend_exited",
      reason: 'Server "files" was ended by SIGKILL',
    });
  });

  it(
    "has log level and subscriptions restored before anything else is said, and the client told what may differ",
    LIMIT,
    async () => {
      const capabilities = CHANGING;
      const { client, first } = await SupervisedClient.begin({ capabilities });
      await using _ = client;
      const change = async (id: number, method: string, params: object) => {
        await client.say({ id, method, params: { ...params } });
        await first.heard.until(`${id}`, ({ message }) => message.id === id);
        return id;
      };
      const succeed = async (id: number, method: string, params: object) => {
        first.say({ id: await change(id, method, params), result: {} });
        await client.answer(id);
      };
      const refuse = async (id: number, method: string, params: object) => {
        const error = { code: -32602, message: "no" };
        first.say({ id: await change(id, method, params), error });
        await client.answer(id);
      };
      await succeed(1, "logging/setLevel", { level: "debug" });
      await succeed(2, "logging/setLevel", { level: "warning" });
      await refuse(3, "logging/setLevel", { level: "loud" });
      await succeed(4, "resources/subscribe", { uri: "file:///ü" });
      await succeed(5, "resources/subscribe", { uri: "file:///gone" });
      await succeed(6, "resources/unsubscribe", { uri: "file:///gone" });
      await refuse(7, "resources/subscribe", { uri: "file:///refused" });
      await change(8, "resources/subscribe", { uri: "file:///open" });
      await client.kill();
      await client.say({ id: 9, method: "x/ask" });
      const second = await client.puppets.life(2);
      await second.hello({ capabilities });
      const level = await second.told("logging/setLevel");
      const subscription = await second.told("resources/subscribe");
      for (const { message: { id } } of [level, subscription]) {
        assert.match(String(id), /^mcp-front-[0-9a-f-]{36}$/);
        second.say({ id, result: {} });
      }
      await second.answer("x/ask");
      await client.answer(9);
      const levels = paramsOf(second, "logging/setLevel");
      assert.deepEqual(levels, [{ level: "warning" }]);
      const uris = paramsOf(second, "resources/subscribe");
      assert.deepEqual(uris, [{ uri: "file:///ü" }]);
      const told = client.heard.all.filter(({ head }) => head.method)
        .map((envelope) => {
          // They belong to no request of the client.
          assert.equal(envelope.relatesTo, null);
          return [envelope.head.method, envelope.message().params];
        });
      assert.deepEqual(told, [
        ["notifications/resources/updated", { uri: "file:///ü" }],
        ["notifications/tools/list_changed", undefined],
        ["notifications/resources/list_changed", undefined],
      ]);
      const answers = client.heard.all.filter(({ head }) =>
        head.kind === "response"
      );
      assert.deepEqual(
        answers.map(({ head }) => head.id),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      );
    },
  );

  it(
    "goes on where something cannot be restored, and says so in the log",
    LIMIT,
    async () => {
      const { client, first } = await SupervisedClient.begin();
      await using _ = client;
      const params = { uri: "file:///secret" };
      await client.say({ id: 1, method: "resources/subscribe", params });
      await first.answer("resources/subscribe");
      await client.answer(1);
      await client.kill();
      await client.say({ id: 2, method: "x/ask" });
      const second = await client.puppets.life(2);
      await second.hello();
      const { message: { id } } = await second.told("resources/subscribe");
      second.say({ id, error: { code: -32002, message: "gone" } });
      await second.answer("x/ask");
      assert.ok("result" in await client.answer(2));
      const [warned] = client.logged("Backend state not restored");
      assert.deepEqual([warned?.level, warned?.what], [
        "WARN",
        "a subscription",
      ]);
      assert.doesNotMatch(JSON.stringify(client.log.all), /secret/);
      assert.equal(client.texts.some((text) => /updated/.test(text)), false);
    },
  );

  it(
    "that dies before the client has said initialized hears it once, from the client",
    LIMIT,
    async () => {
      await using client = await SupervisedClient.open();
      await client.say(INITIALIZE);
      await (await client.puppets.life(1)).hello();
      await client.answer(0);
      await client.kill();
      await client.say({ id: 1, method: "x/ask" });
      await client.say({ method: "notifications/initialized" });
      const second = await client.puppets.life(2);
      await second.hello();
      await second.told("notifications/initialized");
      assert.deepEqual(second.methods, [
        "initialize",
        "x/ask",
        "notifications/initialized",
      ]);
    },
  );

  it(
    "hears initialized also when the client said it to a dead one",
    LIMIT,
    async () => {
      await using client = await SupervisedClient.open();
      await client.say(INITIALIZE);
      await (await client.puppets.life(1)).hello();
      await client.answer(0);
      await client.kill();
      await client.say({ method: "notifications/initialized" });
      await client.say({ id: 1, method: "x/ask" });
      const second = await client.puppets.life(2);
      await second.hello();
      await second.told("x/ask");
      assert.deepEqual(second.methods, [
        "initialize",
        "notifications/initialized",
        "x/ask",
      ]);
    },
  );

  it(
    "lets a client begin anew with an initialize of its own",
    LIMIT,
    async () => {
      const { client } = await SupervisedClient.begin();
      await using _ = client;
      await client.kill();
      const again = INITIALIZE.replace("0.0", "1")
        .replaceAll("2025-11-25", "2025-06-18");
      await client.say(again);
      const second = await client.puppets.life(2);
      await second.hello({ protocolVersion: "2025-06-18" });
      assert.ok("result" in await client.answer(1));
      assert.deepEqual(second.heard.all.map(({ text }) => text), [again]);
    },
  );

  it(
    "that comes to nothing again answers what waits, and is not tried at once a third time",
    LIMIT,
    async () => {
      const { client } = await SupervisedClient.begin();
      await using _ = client;
      await client.kill();
      await client.say({ id: 1, method: "x/ask" });
      await client.say({ id: 2, method: "x/ask" });
      const second = await client.puppets.life(2);
      await second.told("initialize");
      second.leave();
      for (const id of [1, 2]) {
        const { error } = await client.answer(id);
        assert.match(error?.message ?? "", /exited with code 0/);
      }
      const began = performance.now();
      await client.say({ id: 3, method: "x/ask" });
      const refused = await client.answer(3);
      assert.ok(performance.now() - began < PROMPTLY_MS);
      assert.equal(faultOf(refused), "backend_exited");
      assert.match(
        refused.error?.message ?? "",
        /^Server "files" exited with code 0.* Try again in 1 s$/,
      );
      assert.equal(client.puppets.count, 2);
      const third = await retried(client);
      await third.hello();
      await third.told("x/retry");
      assert.equal(client.logged("Backend restarted").at(-1)?.attempt, 2);
    },
  );

  it(
    "that refuses to be initialized again is given up, in its own words",
    LIMIT,
    async () => {
      const { client } = await SupervisedClient.begin();
      await using _ = client;
      await client.kill();
      await client.say({ id: 1, method: "x/ask" });
      const second = await client.puppets.life(2);
      await second.told("initialize");
      second.say({ id: 0, error: { code: -32000, message: "no secret" } });
      const { error } = await client.answer(1);
      assert.match(
        error?.message ?? "",
        /refused initialize with error -32000\. It said:\nno secret$/,
      );
      await second.gone;
      assert.doesNotMatch(JSON.stringify(client.log.all), /secret/);
    },
  );

  for (
    const [what, over, said] of [
      ["speaks another revision", {
        protocolVersion: "2025-06-18",
        capabilities: CHANGING,
      }, /speaks another revision of MCP than before/],
      ["offers less", {
        capabilities: { ...CHANGING, tools: {} },
      }, /offers less than before/],
    ] as const
  ) {
    it(`and now ${what} ends the session`, LIMIT, async () => {
      const capabilities = CHANGING;
      const { client } = await SupervisedClient.begin({ capabilities });
      await using _ = client;
      await client.kill();
      await client.say({ id: 1, method: "x/ask" });
      await client.say({ id: 2, method: "x/ask" });
      const second = await client.puppets.life(2);
      await second.hello(over);
      for (const id of [1, 2]) {
        const answer = await client.answer(id);
        assert.equal(faultOf(answer), "backend_changed");
        assert.match(answer.error?.message ?? "", said);
      }
      assert.equal((await client.ended)?.fault, "backend_changed");
      await second.gone;
      assert.deepEqual(second.methods, ["initialize"]);
      await assert.rejects(client.say({ id: 3, method: "x/ask" }), {
        fault: "backend_changed",
      });
      await Promise.all(client.pids.map(ended));
    });
  }
});

/** Asks until a third child is started; every answer before that must come at once. */
async function retried(client: SupervisedClient): Promise<Puppet> {
  for (let id = 100; client.puppets.count < 3; id++) {
    await client.say({ id, method: "x/retry" });
    await Promise.race([client.answer(id), client.puppets.life(3)]);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  return await client.puppets.life(3);
}

const RETRY_MS = 50;
