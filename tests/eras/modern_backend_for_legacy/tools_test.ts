// The tools of a server of the modern era for a client of the initialize era: their schemas, what they give, and the headers of their calls.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BridgedWorld } from "../../support/bridged_session.ts";

const LIMIT = { timeout: 30_000 };

type Members = Readonly<Record<string, unknown>>;

const header = (name: unknown, more: Members = { type: "string" }) => ({
  type: "object",
  properties: { a: { ...more, "x-mcp-header": name } },
});

/** Has the client list these tools; returns them as it gets them. */
async function listed(
  world: BridgedWorld,
  tools: readonly Members[],
  id = "list",
): Promise<Members[]> {
  await world.client.say({ id, method: "tools/list" });
  await world.server.hears();
  world.server.say({ id, result: { tools } });
  const { result } = (await world.client.answer(id)).message();
  return (result as { tools: Members[] }).tools;
}

describe("the tools of a modern server", () => {
  it(
    "have output schemas that describe objects, with pointers that still lead there",
    LIMIT,
    async () => {
      await using world = await BridgedWorld.begin();
      const array = {
        $schema: "https://json-schema.org/draft/2020-12/schema",
        type: "array",
        items: { $ref: "#/$defs/item" },
        $defs: {
          item: { anyOf: [{ $ref: "#" }, { type: "integer" }] },
          $ref: { $ref: "https://x.y/z#/a", enum: [{ $ref: "#/$defs/item" }] },
          own: { $id: "https://x.y/own", items: { $ref: "#/a" } },
        },
      };
      const object = { type: "object", properties: { a: { $ref: "#/b" } } };
      const tools = await listed(world, [
        { name: "array", outputSchema: array },
        { name: "object", outputSchema: object },
        { name: "none" },
      ]);
      assert.deepEqual(tools, [
        {
          name: "array",
          outputSchema: {
            $schema: array.$schema,
            type: "object",
            properties: {
              result: {
                ...array,
                items: { $ref: "#/properties/result/$defs/item" },
                $defs: {
                  item: {
                    anyOf: [{ $ref: "#/properties/result" }, {
                      type: "integer",
                    }],
                  },
                  $ref: {
                    $ref: "https://x.y/z#/a",
                    enum: [{ $ref: "#/$defs/item" }],
                  },
                  own: array.$defs.own,
                },
              },
            },
            required: ["result"],
          },
        },
        { name: "object", outputSchema: object },
        { name: "none" },
      ]);
    },
  );

  it("give objects, with a text where there is none", LIMIT, async () => {
    await using world = await BridgedWorld.begin();
    const outputSchema = { oneOf: [{ type: "object" }, { type: "null" }] };
    await listed(world, [{ name: "wraps", outputSchema }, { name: "t" }]);
    const image = { type: "image", data: "", mimeType: "image/png" };
    const text = (json: string) => ({ type: "text", text: json });
    for (
      const [id, name, result, expected] of [
        [1, "t", { content: [image] }, { content: [image] }],
        [2, "t", {}, { content: [] }],
        [3, "t", { structuredContent: { a: 1 } }, {
          content: [text('{"a":1}')],
          structuredContent: { a: 1 },
        }],
        [4, "t", { content: [image], structuredContent: [1] }, {
          content: [image, text("[1]")],
          structuredContent: { result: [1] },
        }],
        [5, "unknown", { content: [text("x")], structuredContent: null }, {
          content: [text("x")],
          structuredContent: { result: null },
        }],
        [6, "wraps", { content: [], structuredContent: { a: 1 } }, {
          content: [],
          structuredContent: { result: { a: 1 } },
        }],
      ] as const
    ) {
      await world.call(id, name);
      world.server.say({ id, result });
      const answer = (await world.client.answer(id)).message();
      assert.deepEqual(answer.result, expected, `call ${id}`);
    }
  });

  it(
    "are left out over HTTP where they name headers in a way that is not allowed",
    LIMIT,
    async () => {
      const wrong = [
        { name: "empty", inputSchema: header("") },
        { name: "no token", inputSchema: header("a b") },
        { name: "a number", inputSchema: header("a", { type: "number" }) },
        {
          name: "items",
          inputSchema: {
            type: "object",
            properties: { l: { type: "array", items: header("a") } },
          },
        },
      ];
      const right = { name: "right", inputSchema: header("Region") };
      await using http = await BridgedWorld.begin();
      assert.deepEqual(await listed(http, [...wrong, right]), [right]);
      const left = http.lines.filter(({ msg }) => msg === "Tool left out");
      assert.deepEqual(
        left.map(({ tool }) => tool),
        wrong.map(({ name }) => name),
      );
      await using stdio = await BridgedWorld.begin({ hasHeaders: false });
      assert.deepEqual(await listed(stdio, [...wrong, right]), [
        ...wrong,
        right,
      ]);
    },
  );

  it(
    "are called with headers that repeat arguments, each call by itself",
    LIMIT,
    async () => {
      await using world = await BridgedWorld.begin();
      const inputSchema = {
        type: "object",
        properties: {
          region: { type: "string", "x-mcp-header": "Region" },
          deep: {
            type: "object",
            properties: { n: { type: "integer", "x-mcp-header": "Deep-N" } },
          },
          on: { type: "boolean", "x-mcp-header": "on" },
        },
      };
      await listed(world, [{ name: "t", inputSchema }]);
      const args = { region: "Århus", deep: { n: 42.0 }, on: null };
      const params = { name: "t", arguments: args };
      await world.client.say({ id: 1, method: "tools/call", params });
      await world.client.say({ id: 2, method: "x/next" });
      assert.equal((await world.server.hears()).id, 2);
      const single = await world.single(1);
      assert.equal((await single.hears()).id, 1);
      assert.deepEqual([...single.parameters ?? []], [
        ["mcp-param-region", "=?base64?w4VyaHVz?="],
        ["mcp-param-deep-n", "42"],
      ]);
      single.say({ method: "notifications/message" }, 1);
      assert.equal(
        (await world.client.told("notifications/message")).relatesTo,
        1,
      );
      single.say({ id: 1, result: { content: [] } });
      await world.client.answer(1);
      await assert.rejects(single.hear());
      await world.client.say({ id: 3, method: "tools/call", params });
      const second = await world.single(2);
      await second.hears();
      const cancelled = { requestId: 3 };
      await world.client.say({
        method: "notifications/cancelled",
        params: cancelled,
      });
      await assert.rejects(second.hear());
    },
  );

  it(
    "are listed anew where a call had the wrong headers, and it is made once more",
    LIMIT,
    async () => {
      await using world = await BridgedWorld.begin();
      const { client, server } = world;
      const mismatch = (id: unknown) => ({
        id: id as string,
        error: { code: -32020, message: "Header mismatch" },
      });
      const params = { name: "t", arguments: { a: "x" } };
      await client.say({ id: 1, method: "tools/call", params });
      server.say(mismatch((await server.hears()).id));
      const list = await server.hears();
      assert.equal(list.method, "tools/list");
      server.say({ id: list.id, result: { tools: [], nextCursor: "2" } });
      const page = await server.hears();
      assert.equal(page.params?.cursor, "2");
      const tools = [{ name: "t", inputSchema: header("A") }];
      server.say({ id: page.id, result: { tools } });
      const single = await world.single(1);
      const again = await single.hears();
      assert.deepEqual([...single.parameters ?? []], [["mcp-param-a", "x"]]);
      single.say(mismatch(again.id));
      const { error } = (await client.answer(1)).message();
      assert.deepEqual(error, { code: -32603, message: "Header mismatch" });
    },
  );
});
