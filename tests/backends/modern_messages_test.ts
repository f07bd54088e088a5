// The limits of time and the rules for principals, for messages of the modern era.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { timed } from "../../lib/backends/timed.ts";
import type { Envelope } from "../../lib/channel/envelope.ts";
import { META } from "../../lib/protocol/meta.ts";
import { BackendClient } from "../support/backend_client.ts";
import { openFiltered } from "../support/filtered_client.ts";
import { MemoryChannel } from "../support/memory_channel.ts";
import { modernMeta, modernRequest } from "../support/modern_messages.ts";
import { restrictedContext } from "../support/restricted_context.ts";

const LISTEN = "subscriptions/listen";

it("a subscription is not timed, and any other request is", async () => {
  const peer = new MemoryChannel();
  const inner = { name: "slow", open: () => Promise.resolve(peer) };
  const timeouts = { openMs: 9_000, requestMs: 100, requestMaxMs: 100 };
  await using client = await BackendClient.open(timed(inner, timeouts));
  await client.channel.send(modernRequest("l", LISTEN));
  await client.channel.send(modernRequest("t", "tools/list"));
  const late = await client.next();
  assert.deepEqual([late.head.id, late.tells?.fault], ["t", "backend_timeout"]);
  peer.say({ id: "l", result: {} });
  assert.deepEqual((await client.next()).head.id, "l");
});

describe("a principal that may not use everything of a modern server", () => {
  const listen = (uris: unknown, more: object = {}): Envelope =>
    modernRequest("l", LISTEN, {
      notifications: {
        toolsListChanged: true,
        resourceSubscriptions: uris,
        ...more,
      },
    });

  it("is told of the changes of resources that are open to it, and of no other", async () => {
    const context = restrictedContext({ resources: ["file:///a"] });
    const { server, channel, lines } = await openFiltered(context);
    await channel.send(listen(["file:///a", "file:///b?key=1"]));
    const { params, method } = await server.hears();
    assert.equal(method, LISTEN);
    assert.deepEqual(params?._meta, modernMeta());
    assert.deepEqual(params?.notifications, {
      toolsListChanged: true,
      resourceSubscriptions: ["file:///a"],
    });
    const [refusal] = lines.filter(({ msg }) => msg === "Message refused");
    assert.equal(refusal?.resource, "file:///b");
    await channel.send(listen(["file:///a"]));
    assert.deepEqual((await server.hears()).params?.notifications, {
      toolsListChanged: true,
      resourceSubscriptions: ["file:///a"],
    });
  });

  it("is refused where it cannot be told which resources are meant", async () => {
    const context = restrictedContext({ resources: ["file:///a"] });
    const { client, channel } = await openFiltered(context);
    for (
      const request of [
        listen("file:///b"),
        listen([{ uri: "file:///b" }]),
        listen([], { ResourceSubscriptions: ["file:///b"] }),
      ]
    ) {
      await channel.send(request);
      const { error } = (await client.next()).message();
      assert.equal(error?.code, -32600);
    }
  });

  it("has its tools asked for as it would ask itself", async () => {
    const context = restrictedContext({ tools: "readOnly" });
    const { server, channel } = await openFiltered(context);
    const call = modernRequest(1, "tools/call", {
      name: "read",
      _meta: { progressToken: 1, [META.logLevel]: "debug", "x/y": 1 },
    });
    await channel.send(call);
    const { id, method, params } = await server.hears();
    assert.equal(method, "tools/list");
    assert.deepEqual(params, { _meta: modernMeta() });
    const annotations = { readOnlyHint: true };
    const tools = [{ name: "read", annotations }];
    server.say({ id, result: { tools, resultType: "complete" } });
    assert.equal((await server.hears()).method, "tools/call");
  });
});
