// What a client of the initialize era says and hears in a session with a server of the modern one.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NotModern } from "../../../lib/channel/not_modern.ts";
import { Envelope } from "../../../lib/channel/envelope.ts";
import { META } from "../../../lib/protocol/meta.ts";
import { ABLE, BridgedWorld, CAPABLE } from "../../support/bridged_session.ts";
import { textOf } from "../../support/shared_server.ts";

const LIMIT = { timeout: 30_000 };
const DESCRIPTION = {
  [META.protocolVersion]: "2026-07-28",
  [META.clientInfo]: { name: "test", version: "1" },
  [META.clientCapabilities]: ABLE,
};

const refusal = (id: unknown, code: number, data?: unknown) => ({
  id: id as string,
  error: { code, message: "no", data },
});

describe("a session with a server of the modern era", () => {
  it(
    "begins with what the server says of itself, without what only the other era has",
    LIMIT,
    async () => {
      await using world = await BridgedWorld.open();
      const tasks = { tasks: { list: {} } };
      const extensions = { "io.modelcontextprotocol/tasks": {}, "x.y/ui": {} };
      await world.initialize({
        revision: "2025-06-18",
        capabilities: { ...ABLE, ...tasks, extensions },
      });
      const { id, method, params } = await world.server.hears();
      assert.equal(method, "server/discover");
      assert.deepEqual(params, {
        _meta: {
          ...DESCRIPTION,
          [META.clientCapabilities]: { ...ABLE, extensions: { "x.y/ui": {} } },
        },
      });
      const serverInfo = { name: "real", version: "3", title: "Real" };
      world.server.say({
        id,
        result: {
          resultType: "complete",
          supportedVersions: ["2026-07-28"],
          capabilities: { ...CAPABLE, extensions, ...tasks },
          instructions: "Use it",
          _meta: { [META.serverInfo]: serverInfo },
          ttlMs: 1,
          cacheScope: "public",
        },
      });
      assert.deepEqual((await world.client.answer("init")).message().result, {
        protocolVersion: "2025-06-18",
        capabilities: { ...CAPABLE, extensions: { "x.y/ui": {} } },
        serverInfo,
        instructions: "Use it",
      });
    },
  );

  it(
    "is of the newest revision where the client asks for one that is not known",
    LIMIT,
    async () => {
      for (const revision of ["2026-07-28", "1.0"]) {
        await using world = await BridgedWorld.begin({ revision });
        const { result } = (await world.client.answer("init")).message();
        assert.deepEqual(result, {
          protocolVersion: "2025-11-25",
          capabilities: {},
          serverInfo: { name: "files", version: "" },
        });
      }
    },
  );

  it(
    "does not begin where the server refuses, and says why",
    LIMIT,
    async () => {
      await using world = await BridgedWorld.open();
      await world.client.say({ id: 1, method: "tools/list" });
      assert.match(
        (await world.client.answer(1)).message().error?.message ?? "",
        /not initialized/,
      );
      const supported = ["2027-01-01"];
      for (
        const [answer, code] of [
          [refusal(0, -32022, { supported }), -32603],
          [refusal(0, -32601), -32601],
          [refusal(0, -32021), -32602],
        ] as const
      ) {
        const before = world.client.heard.all.length;
        await world.initialize();
        const { id } = await world.server.hears();
        world.server.say({ ...answer, id });
        const told = await world.client.heard.until(
          "the answer",
          (one) => world.client.heard.all.indexOf(one) >= before,
        );
        assert.equal(told.message().error?.code, code);
      }
    },
  );

  it(
    "describes every request, and leaves all else as it was written",
    LIMIT,
    async () => {
      const capabilities = { ...CAPABLE };
      await using world = await BridgedWorld.begin({
        discovered: { capabilities },
      });
      const { client, server } = world;
      await client.say(
        '{"method":"x/bare","id":"a","jsonrpc":"2.0", "new":1.0}',
      );
      const bare = await server.hear();
      assert.ok(
        bare.startsWith(
          '{"method":"x/bare","id":"a","jsonrpc":"2.0","new":1.0,',
        ),
        bare,
      );
      assert.deepEqual(JSON.parse(bare).params, { _meta: DESCRIPTION });
      await client.say({
        id: 1,
        method: "logging/setLevel",
        params: { level: "info" },
      });
      assert.deepEqual((await client.answer(1)).message().result, {});
      await client.say(
        '{"jsonrpc":"2.0","id":2,"method":"prompts/get","params":{"name":"é\\u00e9","_meta":{"x/y":1.50,"progressToken":7,"io.modelcontextprotocol/clientInfo":{"name":"forged"}}}}',
      );
      const text = await server.hear();
      assert.ok(
        text.includes(
          '"name":"é\\u00e9","_meta":{"x/y":1.50,"progressToken":7,',
        ),
        text,
      );
      assert.deepEqual(JSON.parse(text).params._meta, {
        "x/y": 1.5,
        progressToken: 7,
        ...DESCRIPTION,
        [META.logLevel]: "info",
      });
      await client.say({ id: 3, method: "x/odd", params: { _meta: 7 } });
      assert.equal((await client.answer(3)).message().error?.code, -32600);
    },
  );

  it("answers by itself what the server does not know", LIMIT, async () => {
    await using world = await BridgedWorld.begin({
      discovered: { capabilities: { tools: {} } },
    });
    const { client, server } = world;
    for (
      const [id, method, params, code] of [
        [1, "ping", {}, undefined],
        [2, "logging/setLevel", { level: "info" }, -32601],
        [3, "resources/subscribe", { uri: "x" }, -32601],
        [4, "resources/unsubscribe", { uri: "x" }, -32601],
      ] as const
    ) {
      await client.say({ id, method, params });
      assert.equal((await client.answer(id)).message().error?.code, code);
    }
    for (const method of ["initialized", "roots/list_changed", "progress"]) {
      await client.say({ method: `notifications/${method}` });
    }
    await client.say({ method: "notifications/x", params: { a: 1 } });
    const { method, params } = await server.hears();
    assert.equal(method, "notifications/x");
    assert.deepEqual(params, { a: 1, _meta: DESCRIPTION });
  });

  it("refuses a log level that is none", LIMIT, async () => {
    await using world = await BridgedWorld.begin({
      discovered: { capabilities: CAPABLE },
    });
    const params = { level: "loud" };
    await world.client.say({ id: 1, method: "logging/setLevel", params });
    const { error } = (await world.client.answer(1)).message();
    assert.equal(error?.code, -32602);
  });

  it(
    "gives results without what only the modern era has, and nothing else changed",
    LIMIT,
    async () => {
      await using world = await BridgedWorld.begin();
      const { client, server } = world;
      for (
        const [id, method, result, expected] of [
          [
            1,
            "prompts/list",
            '{"ttlMs":5, "prompts":[ {"name":"é\\u00e9"}],"resultType":"complete","cacheScope":"public","nextCursor":"2"}',
            '{"prompts":[ {"name":"é\\u00e9"}],"nextCursor":"2"}',
          ],
          [
            2,
            "resources/read",
            '{"contents":[],"ttlMs":0,"_meta":{"x":1.0}}',
            '{"contents":[],"_meta":{"x":1.0}}',
          ],
          [3, "x/own", '{"resultType":"complete","ttlMs":7}', '{"ttlMs":7}'],
        ] as const
      ) {
        await client.say({ id, method });
        await server.hears();
        server.say(`{"jsonrpc":"2.0","id":${id},"result":${result}}`);
        const text = textOf(await client.answer(id));
        assert.equal(text, `{"jsonrpc":"2.0","id":${id},"result":${expected}}`);
      }
    },
  );

  it("tells errors with codes that the client knows", LIMIT, async () => {
    await using world = await BridgedWorld.begin();
    const { client, server } = world;
    for (
      const [id, code, told] of [
        [1, -32601, -32601],
        [2, -32602, -32602],
        [3, -32021, -32602],
        [4, -32022, -32603],
        [5, -32020, -32603],
        [6, 1234, 1234],
      ] as const
    ) {
      await client.say({ id, method: "prompts/get" });
      await server.hears();
      server.say(refusal(id, code, { requiredCapabilities: {} }));
      const { error } = (await client.answer(id)).message();
      assert.equal(error?.code, told);
      assert.deepEqual(error?.data, { requiredCapabilities: {} });
    }
  });

  it(
    "ends when the server is not of the modern era any more",
    LIMIT,
    async () => {
      await using world = await BridgedWorld.begin();
      await world.call(1);
      const { id } = await world.call(2);
      const gone = new NotModern("It knows sessions only");
      world.server.tell(Envelope.failure(id as string, gone));
      assert.equal((await world.client.answer(2)).tells, gone);
      assert.equal((await world.client.ended)?.fault, "backend_changed");
    },
  );
});
