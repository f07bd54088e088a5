// Headers that repeat arguments of tools: checked against the tool's schema, which is learnt or asked for (protocol rules M-C-12 and M-C-13).

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Envelope } from "../../../lib/channel/envelope.ts";
import { withValidHeaders } from "../../../lib/eras/legacy_backend_for_modern/listed_tools.ts";
import { mirroredParameters } from "../../../lib/eras/legacy_backend_for_modern/mirrored_parameters.ts";
import { Bridged } from "../../support/bridged_clients.ts";
import { encoded, modernRequest } from "../../support/exchange_client.ts";
import { CAPABLE } from "../../support/puppet_root.ts";

const header = (name: unknown, type: unknown = "string") => ({
  type,
  "x-mcp-header": name,
});

const object = (properties: unknown) => ({ type: "object", properties });

const SCHEMA = object({
  region: header("Region"),
  count: header("Count", "integer"),
  dry: header("Dry", "boolean"),
  where: object({ "a.b": header("Deep") }),
  plain: { type: "string" },
});

const TOOL = { name: "t", inputSchema: SCHEMA };

describe("the parameters that headers repeat", () => {
  it("are found with their places", () => {
    assert.deepEqual(mirroredParameters(SCHEMA), [
      { header: "mcp-param-region", path: ["region"] },
      { header: "mcp-param-count", path: ["count"] },
      { header: "mcp-param-dry", path: ["dry"] },
      { header: "mcp-param-deep", path: ["where", "a.b"] },
    ]);
  });

  const NONE = [
    undefined,
    null,
    true,
    [],
    {},
    object({ "x-mcp-header": { type: "string" } }),
    object({
      a: { default: { "x-mcp-header": "A" }, const: [{ "x-mcp-header": "" }] },
    }),
  ];
  for (const schema of NONE) {
    it(`are none in ${JSON.stringify(schema)}`, () => {
      assert.deepEqual(mirroredParameters(schema), []);
    });
  }

  const INVALID = [
    header("Root", "object"),
    object({ a: header("") }),
    object({ a: header("a b") }),
    object({ a: header("a\r\nb") }),
    object({ a: header("größe") }),
    object({ a: header(7) }),
    object({ a: header("A", "number") }),
    object({ a: header("A", "object") }),
    object({ a: header("A", "array") }),
    object({ a: header("A", ["string", "null"]) }),
    object({ a: { "x-mcp-header": "A" } }),
    object({ a: header("A"), b: header("a") }),
    object({ a: { type: "array", items: header("A") } }),
    object({ a: { oneOf: [header("A")] } }),
    { type: "object", $defs: { a: header("A") } },
    { type: "object", allOf: [object({ a: header("A") })] },
    { type: "object", patternProperties: { "^a": header("A") } },
    { type: "object", if: object({ a: header("A") }) },
  ];
  for (const schema of INVALID) {
    it(`are not allowed in ${JSON.stringify(schema)}`, () => {
      assert.equal(mirroredParameters(schema), undefined);
    });
  }

  for (
    const [depth, found] of [[64, 1], [65, undefined], [50_000, undefined]]
  ) {
    it(`are ${found ? "found" : "not looked for"} at depth ${depth}`, () => {
      let schema: unknown = { ...header("A") };
      for (let at = 0; at < Number(depth); at++) schema = object({ p: schema });
      assert.equal(mirroredParameters(schema)?.length, found);
    });
  }
});

describe("a list of tools", () => {
  it("has no headers where they are named as they may not be, and every other byte as it was", () => {
    const good = JSON.stringify(TOOL);
    const bad = JSON.stringify({
      name: "bad",
      inputSchema: object({ a: header("A", "number"), "x-mcp-header": {} }),
    });
    const odd = '{"name":"odd","n":1.0e2}';
    const answer = Envelope.read(
      new TextEncoder().encode(
        `{"jsonrpc":"2.0","id":1,"result":{"tools":[${good}, ${bad},${odd}],"x":1.0}}`,
      ),
    );
    const invalid: unknown[] = [];
    const told = withValidHeaders(answer, (tool) => invalid.push(tool));
    assert.deepEqual(invalid, ["bad"]);
    const text = new TextDecoder().decode(told.bytes);
    for (const kept of [good, odd, '"x":1.0']) assert.ok(text.includes(kept));
    const { tools } = told.message().result as { tools: unknown[] };
    assert.deepEqual(tools[1], {
      name: "bad",
      inputSchema: object({ a: { type: "number" }, "x-mcp-header": {} }),
    });
  });
});

interface Case {
  readonly args: unknown;
  readonly fields?: Record<string, string>;
  /** Whether it is refused. */
  readonly is: "taken" | "refused";
}

const ALL = { region: "eu", count: 42, dry: false, where: { "a.b": "x y" } };
const ALL_FIELDS = {
  "mcp-param-region": "eu",
  "mcp-param-count": "42",
  "mcp-param-dry": "false",
  "mcp-param-deep": "x y",
};

const CASES: readonly Case[] = [
  { args: ALL, fields: ALL_FIELDS, is: "taken" },
  { args: {}, is: "taken" },
  { args: undefined, is: "taken" },
  { args: { region: null, plain: "x" }, is: "taken" },
  { args: { plain: "x" }, fields: { "mcp-param-unknown": "y" }, is: "taken" },
  {
    args: { count: 42 },
    fields: { "mcp-param-count": "42.0" },
    is: "taken",
  },
  {
    args: { region: "größe" },
    fields: { "mcp-param-region": encoded("größe") },
    is: "taken",
  },
  {
    args: { region: "eu" },
    fields: { "mcp-param-region": "=?base64?ZXU=?=" },
    is: "taken",
  },
  { args: { region: "" }, fields: { "mcp-param-region": "" }, is: "taken" },
  { args: { region: "eu" }, is: "refused" },
  { args: { where: { "a.b": "x" } }, is: "refused" },
  {
    args: { region: "eu" },
    fields: { "mcp-param-region": "us" },
    is: "refused",
  },
  {
    args: { region: "eu" },
    fields: { "mcp-param-region": "EU" },
    is: "refused",
  },
  { args: {}, fields: { "mcp-param-region": "eu" }, is: "refused" },
  {
    args: { region: null },
    fields: { "mcp-param-region": "null" },
    is: "refused",
  },
  {
    args: { region: "größe" },
    fields: { "mcp-param-region": "gr\u00f6\u00dfe" },
    is: "refused",
  },
  {
    args: { region: "eu" },
    fields: { "mcp-param-region": "=?base64?***?=" },
    is: "refused",
  },
  { args: { count: 42 }, fields: { "mcp-param-count": "43" }, is: "refused" },
  { args: { count: 42 }, fields: { "mcp-param-count": "0x2a" }, is: "refused" },
  { args: { count: 42 }, fields: { "mcp-param-count": "" }, is: "refused" },
  { args: { dry: true }, fields: { "mcp-param-dry": "True" }, is: "refused" },
  {
    args: { region: ["eu"] },
    fields: { "mcp-param-region": "eu" },
    is: "refused",
  },
];

describe("a call of a tool with arguments that headers repeat", () => {
  for (const { args, fields = {}, is } of CASES) {
    it(`is ${is}: ${JSON.stringify(args)} with ${JSON.stringify(fields)}`, async () => {
      await using bridged = new Bridged();
      const list = await bridged.ask("tools/list");
      const session = await bridged.session(1, CAPABLE);
      await session.answer("tools/list", { tools: [TOOL] });
      await list.result();
      const params = { name: "t", arguments: args };
      const call = await bridged.begin(
        modernRequest("tools/call", params),
        bridged.alice,
        new Map(Object.entries(fields)),
      );
      if (is === "taken") {
        await session.answer("tools/call");
        await call.result();
      } else {
        assert.equal((await call.answer()).error?.code, -32020);
        assert.deepEqual(session.all("tools/call"), []);
      }
      assert.equal(session.all("tools/list").length, 1);
    });
  }

  const wrong = (bridged: Bridged) =>
    bridged.ask("tools/call", { name: "t", arguments: { region: "eu" } });

  it("is checked also where the client has asked for no list, page by page, once", async () => {
    await using bridged = new Bridged();
    const first = await wrong(bridged);
    const session = await bridged.session(1, CAPABLE);
    await session.answer("tools/list", { tools: [], nextCursor: "2" });
    const { params } = await session.told("tools/list", 2);
    assert.equal(params?.cursor, "2");
    await session.answer("tools/list", { tools: [TOOL] }, 2);
    assert.equal((await first.answer()).error?.code, -32020);
    assert.equal((await (await wrong(bridged)).answer()).error?.code, -32020);
    assert.equal(session.all("tools/list").length, 2);
  });

  it("is checked with the tools as they are after a change", async () => {
    await using bridged = new Bridged();
    const list = await bridged.ask("tools/list");
    const session = await bridged.session(1, CAPABLE);
    await session.answer("tools/list", { tools: [TOOL] });
    await list.result();
    session.say({ method: "notifications/tools/list_changed" });
    session.say({ id: "p", method: "ping" });
    await session.answered("p");
    const call = await wrong(bridged);
    await session.answer("tools/list", { tools: [{ name: "t" }] }, 2);
    await session.answer("tools/call");
    await call.result();
  });

  it("is not held up by a server that has no list", async () => {
    await using bridged = new Bridged();
    const one = await wrong(bridged);
    const session = await bridged.session(1, CAPABLE);
    const { id } = await session.told("tools/list");
    session.say({ id, error: { code: -32601, message: "no" } });
    await session.answer("tools/call");
    await one.result();
    const two = await wrong(bridged);
    await session.answer("tools/call", {}, 2);
    await two.result();
    assert.equal(session.all("tools/list").length, 1);
  });
});
