// Servers that come and go while a session at the root is open.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { changingContext } from "../../support/changing_principal.ts";
import { openRoot, PlayedServer } from "../../support/root_session.ts";

const CHANGED = "notifications/tools/list_changed";

const LISTS = {
  a: { tools: [{ name: "one" }] },
  b: { tools: [{ name: "two" }] },
  c: { tools: [{ name: "three" }] },
};

/** Serves lists; calls stay open. */
function serve(server: PlayedServer) {
  return server.serve(({ method }) =>
    method === "tools/list"
      ? { result: LISTS[server.name as keyof typeof LISTS] }
      : undefined
  );
}

/** Servers a and b with a client that may use all that there are. */
async function begin() {
  const { context, change } = changingContext({ servers: ["a", "b"] });
  const fixture = await openRoot(["a", "b"], undefined, context);
  const [a, b] = fixture.servers as [PlayedServer, PlayedServer];
  const { client, roster } = fixture;
  await client.initialize();
  await Promise.all([a.hello(), b.hello()]);
  await client.next();
  await client.send({ method: "notifications/initialized" });
  await Promise.all([a.hear(), b.hear()]);
  serve(a);
  serve(b);
  const call = (id: number, name: string) =>
    client.send({ id, method: "tools/call", params: { name } });
  const tools = async () => {
    const { result } = await client.ask("tools/list", "list");
    const { tools } = result as { tools: { name: string }[] };
    return tools.map(({ name }) => name);
  };
  /** From now on there are these. */
  const replace = (...servers: PlayedServer[]) => {
    roster.replace(servers.map(({ backend }) => backend));
    change({ servers: servers.map(({ name }) => name) });
  };
  return { client, a, b, change, replace, call, tools };
}

describe("a session at the root", () => {
  it("has a server that comes, in its place in the file", async () => {
    const { client, a, b, replace, tools } = await begin();
    const c = new PlayedServer("c");
    replace(a, c, b);
    await c.hello();
    assert.equal((await c.hear()).method, "notifications/initialized");
    serve(c);
    assert.equal((await client.next()).head.method, CHANGED);
    assert.deepEqual(await tools(), ["a__one", "c__three", "b__two"]);
    await client[Symbol.asyncDispose]();
  });

  it("answers what waits at a server that goes, and disturbs no other", async () => {
    const { client, a, b, replace, call, tools } = await begin();
    await call(1, "a__one");
    await call(2, "b__two");
    replace(b);
    const said = [await client.next(), await client.next()];
    const [notice, answer] = said.map((envelope) => envelope.message());
    assert.equal(notice?.method, CHANGED);
    assert.equal(answer?.id, 1);
    assert.match(
      answer?.error?.message ?? "",
      /"a" has been removed/,
    );
    assert.deepEqual(await tools(), ["b__two"]);
    b.say({ id: 2, result: { content: [] } });
    assert.equal((await client.next()).message().id, 2);
    await call(3, "a__one");
    const late = (await client.next()).message();
    assert.match(late.error?.message ?? "", /No server .* offers the tool/);
    assert.equal(a.opened, 1);
    await client[Symbol.asyncDispose]();
  });

  it("loses a server that its token may not use any more", async () => {
    const { client, change, call, tools } = await begin();
    await call(1, "a__one");
    change({ servers: ["b"] });
    assert.equal((await client.next()).head.method, CHANGED);
    const { error } = (await client.next()).message();
    assert.match(
      error?.message ?? "",
      /"a" may not be used any more: there is no/,
    );
    assert.deepEqual(await tools(), ["b__two"]);
    await client[Symbol.asyncDispose]();
  });
});
