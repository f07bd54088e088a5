// What a session may use of a filtered backend.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { filtered } from "../../lib/backends/filtered.ts";
import type { Principal } from "../../lib/principal.ts";
import { openFiltered, textOf } from "../support/filtered_client.ts";
import { logInto } from "../support/log_lines.ts";
import { MemoryChannel } from "../support/memory_channel.ts";
import { openContext } from "../support/open_context.ts";
import { restrictedContext } from "../support/restricted_context.ts";

/** A session that some of each kind is open to. */
function some() {
  return restrictedContext({
    tools: ["read", "list"],
    prompts: ["greet"],
    resources: ["file:///a"],
  });
}

function call(method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
}

function tell(method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", method, params });
}

describe("a filtered backend", () => {
  it("admits whom the inner one admits", () => {
    const admitted: Principal[] = [];
    const backend = filtered({
      name: "files",
      admit: (principal) => void admitted.push(principal),
      open: () => Promise.resolve(new MemoryChannel()),
    }, logInto([]));
    const { principal } = openContext();
    backend.admit?.(principal);
    assert.deepEqual(admitted, [principal]);
  });

  it("hands on everything as it came where nothing is withheld", async () => {
    const { server, client, say } = await openFiltered(openContext());
    const asked =
      '{ "jsonrpc":"2.0","method":"a","method":"tools/call","id":1}';
    await say(asked);
    assert.equal(await server.hear(), asked);
    const answer = '{"id":1, "jsonrpc":"2.0","result":{"tools":"none"}}';
    server.say(answer);
    assert.equal(textOf(await client.next()), answer);
  });

  it("hands on what may be used, as it came", async () => {
    const { server, say } = await openFiltered(some());
    const ref = (type: string, more: object) => ({ ref: { type, ...more } });
    const texts = [
      call("tools/call", { name: "read", arguments: { n: 1 } }),
      call("prompts/get", { name: "greet" }),
      call("resources/read", { uri: "file:///a" }),
      call("resources/subscribe", { uri: "file:///a" }),
      call("resources/unsubscribe", { uri: "file:///a" }),
      call("completion/complete", ref("ref/prompt", { name: "greet" })),
      call("completion/complete", ref("ref/resource", { uri: "file:///a" })),
      '{ "jsonrpc":"2.0","id":9007199254740993,"method":"tools/call",\n' +
      '"params":{"name":"\\u0072ead","arguments":{"n":[1.0,1e400,-0],"__proto__":1}}}',
      call("x/other", { name: "delete" }),
      tell("notifications/x", { uri: "file:///b" }),
    ];
    for (const text of texts) {
      await say(text);
      assert.equal(await server.hear(), text);
    }
  });

  it("answers for what may not be used, and the server hears nothing of it", async () => {
    const { server, say, ask } = await openFiltered(some());
    const refused = [
      ["tools/call", { name: "delete" }, "tool"],
      ["tools/call", { name: "READ" }, "tool"],
      ["prompts/get", { name: "curse" }, "prompt"],
      ["resources/read", { uri: "file:///b" }, "resource"],
      ["resources/subscribe", { uri: "file:///b" }, "resource"],
      ["resources/unsubscribe", { uri: "file:///b" }, "resource"],
      ["completion/complete", {
        ref: { type: "ref/prompt", name: "curse", uri: "file:///a" },
      }, "prompt"],
      ["completion/complete", {
        ref: { type: "ref/resource", uri: "file:///{b}", name: "greet" },
      }, "resource"],
    ] as const;
    for (const [method, params, kind] of refused) {
      const { id, error } = await ask(5, method, params);
      assert.equal(id, 5);
      assert.equal(error?.code, -32602);
      assert.match(error?.message ?? "", new RegExp(`may not use ${kind} "`));
    }
    await say(call("x/after", {}));
    assert.equal((await server.hears()).method, "x/after");
  });

  it("says which token may not use what, by which rule, and how to learn more", async () => {
    const { ask, lines } = await openFiltered(some());
    const { error } = await ask(1, "tools/call", { name: "delete_file" });
    assert.deepEqual(error, {
      code: -32602,
      message:
        'The token "ci" may not use tool "delete_file" of server "files": the rule of the test. ' +
        "To learn more, run mcp-front explain -token ci -server files -tool delete_file",
      data: {
        fault: "not_permitted",
        hint:
          "To learn more, run mcp-front explain -token ci -server files -tool delete_file",
      },
    });
    assert.deepEqual(lines, [{
      level: "WARN",
      msg: "Message refused",
      token_name: "ci",
      server: "files",
      session: "test",
      kind: "request",
      method: "tools/call",
      tool: "delete_file",
      rule: "the rule of the test",
      line: 7,
    }]);
  });

  it("answers for the gateway, not for a backend that has failed", async () => {
    const { say, client } = await openFiltered(some());
    await say(call("tools/call", { name: "delete" }));
    assert.equal((await client.next()).tells, undefined);
  });

  it("suggests no command with a name that a shell would act on", async () => {
    const { ask } = await openFiltered(some());
    const { error } = await ask(1, "tools/call", { name: "$(reboot)" });
    assert.match(error?.message ?? "", /tool "\$\(reboot\)"/);
    assert.doesNotMatch(JSON.stringify(error), /explain/);
  });

  it("tells its log neither long names, nor the secrets of a uri", async () => {
    const { ask, lines } = await openFiltered(some());
    await ask(1, "tools/call", { name: "x".repeat(100_000) });
    await ask(2, "resources/read", { uri: "db://me:pass@host/t?key=1#f" });
    const [long, uri] = lines;
    assert.ok(String(long?.tool).length < 300);
    assert.equal(uri?.resource, "db://host/t");
    assert.doesNotMatch(JSON.stringify(lines), /pass|key/);
  });

  it("drops and logs a notification that may not be", async () => {
    const { server, say, lines } = await openFiltered(some());
    await say(tell("tools/call", { name: "delete" }));
    await say(call("x/after", {}));
    assert.equal((await server.hears()).method, "x/after");
    assert.equal(lines[0]?.msg, "Message refused");
    assert.equal(lines[0]?.kind, "notification");
  });

  it("refuses what cannot be checked", async () => {
    const { server, say, ask, lines } = await openFiltered(some());
    const refused = [
      ["tools/call\0", { name: "delete" }],
      ["tools/call", { name: 7 }],
      ["tools/call", { name: ["read"] }],
      ["tools/call", ["read"]],
      ["tools/call", {}],
      ["tools/call", null],
      ["tools/call", { name: "read\0x" }],
      ["tools/call", { name: "re\ud800ad" }],
      ["resources/read", { name: "read" }],
      ["prompts/get", { uri: "file:///a" }],
      ["completion/complete", {}],
      ["completion/complete", { ref: null }],
      ["completion/complete", { ref: { type: "ref/other", name: "greet" } }],
    ] as const;
    for (const [method, params] of refused) {
      const { error } = await ask(1, method, params);
      assert.equal(error?.code, -32600, JSON.stringify(params));
    }
    assert.equal(lines.at(-1)?.fault, "invalid_message");
    await say(call("x/after", {}));
    assert.equal((await server.hears()).method, "x/after");
  });

  it("leaves to the server what is restricted in no way", async () => {
    const { server, say } = await openFiltered(
      restrictedContext({ prompts: [] }),
    );
    const ref = { type: "ref/resource", uri: "file:///b" };
    const texts = [
      call("tools/call", { name: 7 }),
      call("resources/read", {}),
      call("completion/complete", { ref }),
    ];
    for (const text of texts) {
      await say(text);
      assert.equal(await server.hear(), text);
    }
  });

  it("takes nothing and says nothing once it is closed", async () => {
    const { server, say, client, channel, context } = await openFiltered(
      some(),
    );
    server.say({ method: "x/late" });
    await Promise.all([channel.close(), channel.close()]);
    const closed = { fault: "backend_unavailable" };
    await assert.rejects(say(call("x/y", {})), closed);
    await assert.rejects(say(call("tools/call", { name: "delete" })), closed);
    await assert.rejects(client.next(), /the channel has ended/);
    assert.equal(context.memory.used, 0);
  });

  it("passes on how its channel ended", async () => {
    const broken = await openFiltered(some());
    broken.server.leave(new Error("broken"));
    await assert.rejects(broken.client.next(), { cause: new Error("broken") });
    const left = await openFiltered(some());
    left.server.leave();
    await assert.rejects(left.client.next(), /the channel has ended/);
  });
});
