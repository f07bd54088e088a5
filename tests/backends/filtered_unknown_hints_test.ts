// Calls of which a filtered backend cannot find out whether their tools only read.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MAX_HELD } from "../../lib/backends/held_calls.ts";
import { MAX_TOOLS } from "../../lib/backends/tool_hints.ts";
import { Envelope } from "../../lib/channel/envelope.ts";
import { GatewayError } from "../../lib/errors.ts";
import {
  call,
  LISTED_MS,
  openReadOnly as begin,
  page,
  reads,
} from "../support/read_only_session.ts";

const SOON_MS = 20;

describe("a call of a tool of which nothing is known", () => {
  it("is refused when the server has no such tool", async () => {
    const { server, say, client, lines } = await begin();
    await say(call(1, "z"));
    await page(server, [reads("a")], "two");
    await page(server, []);
    const { error } = (await client.next()).message();
    assert.equal(error?.code, -32602);
    assert.match(
      error?.message ?? "",
      /it only reads is not known, as the server lists no tool of this name/,
    );
    assert.match(String(lines[0]?.reason), /no tool of this name/);
  });

  it("is refused when the server does not answer in time, and what comes too late is seen by nobody", async () => {
    const { server, say, client } = await begin({ pages: 9, ms: SOON_MS });
    await say(call(1, "a"));
    const asked = await server.hears();
    assert.match(
      (await client.next()).message().error?.message ?? "",
      /not known, as the server did not list its tools within 0.02 s/,
    );
    const cancelled = await server.hears();
    assert.equal(cancelled.method, "notifications/cancelled");
    assert.equal(cancelled.params?.requestId, asked.id);
    server.say({ id: asked.id, result: { tools: [reads("a")] } });
    server.say({ method: "x/after" });
    assert.equal((await client.next()).head.method, "x/after");
  });

  it("is refused when the list has no end", async () => {
    const { server, say, client } = await begin({ pages: 3, ms: LISTED_MS });
    await say(call(1, "z"));
    for (let n = 0; n < 3; n++) await page(server, [], "again");
    assert.match(
      (await client.next()).message().error?.message ?? "",
      /lists its tools on more than 3 pages/,
    );
  });

  it("is refused when the list is none", async () => {
    const { server, say, client } = await begin();
    await say(call(1, "a"));
    await page(server, { a: reads("a") });
    assert.match(
      (await client.next()).message().error?.message ?? "",
      /did not list its tools/,
    );
    await say(call(2, "a"));
    const { id } = await server.hears();
    server.say({ id, error: { code: -32601, message: "its own words" } });
    const { message } = (await client.next()).message().error ?? {};
    assert.match(message ?? "", /answered tools\/list with error -32601/);
    assert.doesNotMatch(message ?? "", /its own words/);
  });

  it("fails as its server does when that cannot be asked", async () => {
    const { server, say, client } = await begin();
    await say(call(1, "a"));
    const { id } = await server.hears();
    const why = new GatewayError("backend_exited", "It has exited");
    server.tell(Envelope.failure(id as string, why));
    const { error } = (await client.next()).message();
    assert.equal(error?.message, "It has exited");
  });

  it("is one of a few, and of so many bytes", async () => {
    const { say, client, context } = await begin();
    for (let id = 0; id < MAX_HELD; id++) await say(call(id, "a"));
    await say(call(MAX_HELD, "a"));
    const { id, error } = (await client.next()).message();
    assert.equal(id, MAX_HELD);
    assert.match(error?.message ?? "", /Too many calls wait/);
    assert.ok(context.memory.used > 0);
    await client.channel.close();
    assert.equal(context.memory.used, 0);
    const small = await begin(undefined, { streamBytes: 1 });
    await small.say(call(1, "a"));
    await small.say(call(2, "a"));
    assert.equal((await small.client.next()).head.id, 2);
    await small.client.channel.close();
  });

  it("waits for no answer: one that is not a request is dropped", async () => {
    const { server, say, lines } = await begin();
    await say({ method: "tools/call", params: { name: "a" } });
    await say({ method: "x/after" });
    assert.equal((await server.hears()).method, "x/after");
    assert.equal(lines[0]?.msg, "Message refused");
  });

  it("is decided by the page that names its tool, however many tools there are", async () => {
    const { server, say } = await begin();
    const tools = Array.from({ length: MAX_TOOLS + 1 }, (_, n) => ({
      name: `t${n}`,
      annotations: { readOnlyHint: true },
    }));
    await say(call(1, `t${MAX_TOOLS}`));
    await page(server, tools);
    assert.equal((await server.hears()).id, 1);
    await say(call(2, "t0"));
    await page(server, tools.slice(0, 1));
    assert.equal((await server.hears()).id, 2);
  });
});
