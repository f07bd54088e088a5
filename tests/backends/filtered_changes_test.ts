// What becomes of an open session when the rules for its token change.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { changingContext } from "../support/changing_principal.ts";
import { openFiltered } from "../support/filtered_client.ts";

const CHANGED = "notifications/tools/list_changed";
const TOOLS = { tools: [{ name: "read" }, { name: "write" }] };
const READ = { servers: ["files"], tools: ["read"] };
const ALL = { servers: ["files"] };

function begin(rules: { servers: string[]; tools?: string[] }) {
  const { context, change } = changingContext(rules);
  return openFiltered(context).then((opened) => ({ ...opened, change }));
}

describe("a session whose rules change", () => {
  it("is told of it, and uses no more than it may from the next message on", async () => {
    const { server, client, change, ask } = await begin(ALL);
    change(READ);
    assert.equal((await client.next()).head.method, CHANGED);
    const refused = await ask(1, "tools/call", { name: "write" });
    assert.match(refused.error?.message ?? "", /may not use tool "write"/);
    server.say({ id: 2, result: TOOLS });
    const listed = await ask(2, "tools/list");
    assert.deepEqual(listed.result, { tools: [{ name: "read" }] });
  });

  it("hears what the server was about to say when they changed", async () => {
    const { server, client, change } = await begin(ALL);
    const waiting = client.next();
    change(READ);
    server.say({ method: "notifications/message", params: { data: 1 } });
    const both = [await waiting, await client.next()];
    assert.deepEqual(both.map(({ head }) => head.method).toSorted(), [
      "notifications/message",
      CHANGED,
    ]);
  });

  it("uses everything again when nothing is withheld any more", async () => {
    const { server, client, change, say } = await begin(READ);
    change(ALL);
    assert.equal((await client.next()).head.method, CHANGED);
    const call =
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"write"}}';
    await say(call);
    assert.equal(await server.hear(), call);
  });

  it("is told nothing when the rules say the same as before", async () => {
    const { server, client, change } = await begin(READ);
    change({ servers: ["files", "other"], tools: ["read"] });
    server.say({ method: "notifications/x" });
    assert.equal((await client.next()).head.method, "notifications/x");
  });

  it("watches its principal no longer when it is closed", async () => {
    const { client, change } = await begin(ALL);
    await client[Symbol.asyncDispose]();
    change(READ);
    assert.equal(await client.next().catch(() => undefined), undefined);
  });
});
