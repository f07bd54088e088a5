// A token that may use the tools that only read: what a filtered backend finds out before it hands a call on.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  call,
  openReadOnly as begin,
  page,
  reads,
} from "../support/read_only_session.ts";

describe("a call that waits for what its tool says of itself", () => {
  it("is handed on, as it came, when the tool only reads", async () => {
    const { server, say, client } = await begin();
    const text = '{ "jsonrpc":"2.0","id":1.0,"method":"tools/call",' +
      '"params":{"name":"a","arguments":[1e400]}}';
    await say(text);
    await page(server, [reads("a")]);
    assert.equal(await server.hear(), text);
    server.say({ id: 1, result: { done: true } });
    assert.deepEqual((await client.next()).message().result, { done: true });
    await say(call(2, "a"));
    assert.equal((await server.hears()).id, 2);
  });

  it("is refused when the tool does more, and the client sees nothing of the question", async () => {
    const { server, say, client, lines } = await begin();
    await say(call(1, "b"));
    await page(server, [reads("a"), { name: "b" }]);
    const { id, error } = (await client.next()).message();
    assert.equal(id, 1);
    assert.equal(error?.code, -32602);
    assert.match(error?.message ?? "", /tool "b" .*: the rule of the test/);
    assert.deepEqual(lines.map(({ tool }) => tool), ["b"]);
    await say(call(2, "b"));
    assert.equal((await client.next()).head.id, 2);
    await say({ method: "x/after" });
    assert.equal((await server.hears()).method, "x/after");
  });

  it("is overtaken by what follows it, and shares one question with other calls", async () => {
    const { server, say, client } = await begin();
    await say(call(1, "a"));
    const asked = await server.hears();
    await say(call(2, "b"));
    await say(call(3, "a"));
    await say({ method: "x/other" });
    assert.equal((await server.hears()).method, "x/other");
    server.say({ id: asked.id, result: { tools: [reads("a"), reads("b")] } });
    const heard = [];
    for (let n = 0; n < 3; n++) heard.push((await server.hears()).id);
    assert.deepEqual(heard, [1, 2, 3]);
    await client.channel.close();
  });

  it("is decided on the page on which its tool is, and the rest is not read", async () => {
    const { server, say, client } = await begin();
    await say(call(1, "a"));
    await say(call(2, "c"));
    const first = await page(server, [reads("a")], "two");
    assert.deepEqual(first.params, {});
    assert.equal((await server.hears()).id, 1);
    const second = await page(server, [reads("c")], "three");
    assert.deepEqual(second.params, { cursor: "two" });
    assert.equal((await server.hears()).id, 2);
    await say({ method: "x/after" });
    assert.equal((await server.hears()).method, "x/after");
    await client.channel.close();
  });

  it("is asked about also when it comes as the question of others is settled", async () => {
    const { server, say, client, context } = await begin();
    for (let id = 1; id < 6; id++) {
      await say(call(id, `t${id}`));
      await page(server, [reads(`t${id}`)]);
      assert.equal((await server.hears()).id, id);
    }
    assert.equal(context.memory.used, 0);
    await client.channel.close();
  });

  it("knows what the client's own lists have told", async () => {
    const { server, say, client } = await begin();
    await say({ id: 1, method: "tools/list" });
    await server.hear();
    server.say({ id: 1, result: { tools: [reads("a"), { name: "b" }] } });
    await client.next();
    await say(call(2, "a"));
    assert.equal((await server.hears()).id, 2);
    await say(call(3, "b"));
    assert.equal((await client.next()).head.id, 3);
  });

  it("counts a tool that is listed twice as one that changes something", async () => {
    const { server, say, client } = await begin();
    await say(call(1, "a"));
    await page(server, [{ name: "a" }, reads("a")]);
    assert.ok("error" in (await client.next()).message());
  });

  it("asks anew once the tools have changed, or the client begins anew", async () => {
    const { server, say, client } = await begin();
    await say(call(1, "a"));
    await page(server, [reads("a")]);
    await server.hear();
    server.say({ method: "notifications/tools/list_changed" });
    await client.next();
    await say(call(2, "a"));
    await page(server, [reads("a")]);
    assert.equal((await server.hears()).id, 2);
    await say({ id: 3, method: "initialize" });
    await server.hear();
    await say(call(4, "a"));
    await page(server, [{ name: "a" }]);
    assert.equal((await client.next()).head.id, 4);
  });

  it("does not go by a list that was asked for before the tools changed", async () => {
    const { server, say, client } = await begin();
    const changed = { method: "notifications/tools/list_changed" };
    await say({ id: 1, method: "tools/list" });
    await server.hear();
    server.say(changed);
    server.say({ id: 1, result: { tools: [reads("a")] } });
    await client.next();
    await client.next();
    await say(call(2, "a"));
    const asked = await server.hears();
    server.say(changed);
    server.say({ id: asked.id, result: { tools: [reads("a")] } });
    await client.next();
    await page(server, [{ name: "a" }]);
    assert.match(
      (await client.next()).message().error?.message ?? "",
      /may not use tool "a"/,
    );
  });

  it("is not handed on once the client has cancelled it, nor is its cancellation", async () => {
    const { server, say, client, context } = await begin();
    const cancel = { method: "notifications/cancelled" };
    await say(call(1, "a"));
    await say(call("1", "a"));
    const asked = await server.hears();
    await say({ ...cancel, params: { requestId: 1 } });
    await say({ ...cancel, params: { requestId: 9 } });
    assert.equal((await server.hears()).params?.requestId, 9);
    server.say({ id: asked.id, result: { tools: [reads("a")] } });
    assert.equal((await server.hears()).id, "1");
    await say(call(2, "z"));
    await server.hears();
    await say({ ...cancel, params: { requestId: 2 } });
    await client.channel.close();
    assert.equal(context.memory.used, 0);
  });
});
