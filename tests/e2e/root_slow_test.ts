// Servers that are late, never come or cannot be started: nobody at the root waits for them, and who misses them is told.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "../../lib/protocol/messages.ts";
import { startGateway } from "../support/in_process_gateway.ts";
import { nothingLeft } from "../support/leftovers.ts";
import { paging } from "../support/paging_server.ts";
import { CAPABLE, PuppetRoot } from "../support/puppet_root.ts";
import type { Puppet } from "../support/puppets.ts";
import { RawStreamableClient, request } from "../support/raw_client.ts";
import type { ClientTransport, RawClient } from "../support/raw_client.ts";
import { rawAtRoot } from "../support/root_client.ts";
import { LIMIT } from "../support/shared_gateway.ts";

/** What `initialize` and lists may take, and what a busy machine takes. */
const WELCOME_MS = 2_000 + 2_000;
const LIST_MS = 5_000 + 2_500;
/** Less than a list waits for a server that says nothing. */
const PROMPTLY_MS = 4_500;

const CHANGED = "notifications/tools/list_changed";

type Tools = { name: string; inputSchema: { type: "object" } }[];

function tools(...names: readonly string[]): { tools: Tools } {
  return {
    tools: names.map((name) => ({ name, inputSchema: { type: "object" } })),
  };
}

/** How often the client was told that the list of tools has changed. */
function changes(client: RawClient): number {
  return client.heard.all.filter(({ message }) => message.method === CHANGED)
    .length;
}

/** The names in a list of tools, and the servers that are missing in it. */
function listed({ result }: Message) {
  const { tools, _meta } = result as {
    tools: Tools;
    _meta?: { "mcp-front/missing": Missing[] };
  };
  const names = tools.map(({ name }) => name);
  return { names, missing: _meta?.["mcp-front/missing"] ?? [] };
}

interface Missing {
  readonly server: string;
  readonly fault: string;
  readonly reason: string;
}

async function list(client: RawClient, id: string) {
  const began = performance.now();
  const { message } = await client.ask(request(id, "tools/list"));
  return { ...listed(message), tookMs: performance.now() - began };
}

/** Connects while the slow server says nothing and the quick one all it is asked. */
async function connect(
  root: PuppetRoot<"slow" | "quick">,
  transport: ClientTransport,
) {
  const coming = root.next();
  const began = performance.now();
  const connecting = rawAtRoot(root.gateway, transport);
  const { slow, quick } = await coming;
  await quick.answer("initialize", {
    ...CAPABLE,
    instructions: "I am quick.",
  });
  const client = await connecting;
  const tookMs = performance.now() - began;
  if (client instanceof RawStreamableClient) await client.listen();
  return { client, slow, quick, tookMs };
}

/** Resolves when the client has heard all that the server has said so far. */
async function saidAll(client: RawClient, server: Puppet): Promise<void> {
  const data = `marker ${server.heard.all.length} ${client.heard.all.length}`;
  server.say({ method: "notifications/message", params: { data } });
  await client.heard.until(
    data,
    ({ message }) => message.params?.data === data,
  );
}

/** Does the same with both transports at the same time: most of it is waiting. */
function eachTransport(
  test: (transport: ClientTransport) => Promise<void>,
): () => Promise<void> {
  return async () => {
    await Promise.all([test("sse"), test("streamable-http")]);
  };
}

describe("slow servers at the root", () => {
  it(
    "one that is late for initialize is missing in lists until it comes, and the client is told",
    LIMIT,
    eachTransport(async (transport) => {
      await using root = await PuppetRoot.start(["slow", "quick"]);
      const { client, slow, quick, tookMs } = await connect(root, transport);
      await using _ = client;
      assert.ok(tookMs < WELCOME_MS, `initialize took ${tookMs} ms`);
      const welcome = client.heard.all[0]?.message.result;
      assert.equal(
        (welcome as { instructions?: string }).instructions,
        "# quick\n\nI am quick.",
      );
      const first = list(client, "first");
      await quick.answer("tools/list", tools("x"));
      const early = client.ask(
        request("early", "tools/call", { name: "slow__x" }),
      );
      const call = request("call", "tools/call", { name: "quick__x" });
      const called = client.ask(call);
      await quick.answer("tools/call", { content: [] });
      await called;
      const heard = client.heard.all.map(({ message }) => message.id);
      assert.ok(!heard.includes("first"), "calls of others do not wait");
      const { names, missing, tookMs: listMs } = await first;
      assert.ok(listMs < LIST_MS, `the list took ${listMs} ms`);
      assert.deepEqual(names, ["quick__x"]);
      assert.deepEqual(
        missing.map(({ server, fault }) => [server, fault]),
        [["slow", "backend_timeout"]],
      );
      assert.match(missing[0]?.reason ?? "", /^Server "slow" did not answer/);
      await root.gateway.logged("Server missing in a list", {
        server: "slow",
        method: "tools/list",
      });
      assert.equal(changes(client), 0);

      await slow.hello(CAPABLE);
      await slow.told("notifications/initialized");
      await client.asked(CHANGED);
      await slow.answer("tools/call", { content: [] });
      assert.deepEqual((await early).message.result, { content: [] });
      const second = list(client, "second");
      // The first is for the list that was answered without it.
      await slow.answer("tools/list", tools("x", "y"));
      await slow.answer("tools/list", tools("x", "y"), 2);
      await quick.answer("tools/list", tools("x"), 2);
      const complete = await second;
      assert.deepEqual(complete.names, ["slow__x", "slow__y", "quick__x"]);
      assert.deepEqual(complete.missing, []);
      assert.ok(
        complete.tookMs < PROMPTLY_MS,
        `it took ${complete.tookMs} ms`,
      );
      await saidAll(client, slow);
      assert.ok(
        changes(client) <= 2,
        "it is told of no more than has happened",
      );
    }),
  );

  it(
    "one whose list is always late is shown by the last that came, and changes are told once",
    LIMIT,
    eachTransport(async (transport) => {
      await using root = await PuppetRoot.start(["slow", "quick"]);
      await using session = await root.connect(transport);
      const { client, servers: { slow, quick } } = session;
      const late = async (number: number, ...names: string[]) => {
        const asked = list(client, `list ${number}`);
        await quick.answer("tools/list", tools("x"), number);
        const found = await asked;
        assert.ok(found.tookMs < LIST_MS, `it took ${found.tookMs} ms`);
        await slow.answer("tools/list", tools(...names), number);
        await saidAll(client, slow);
        return found;
      };
      const first = await late(1, "old");
      assert.deepEqual(first.names, ["quick__x"]);
      assert.deepEqual(first.missing.map(({ server }) => server), ["slow"]);
      assert.equal(changes(client), 1);
      const second = await late(2, "old");
      assert.deepEqual(second.names, ["slow__old", "quick__x"]);
      assert.deepEqual(second.missing, []);
      assert.equal(changes(client), 1, "nothing has changed");
      const third = await late(3, "old", "new");
      assert.deepEqual(third.names, ["slow__old", "quick__x"]);
      assert.equal(changes(client), 2);
      const fourth = list(client, "list 4");
      await quick.answer("tools/list", tools("x"), 4);
      await slow.answer("tools/list", tools("newest"), 4);
      assert.deepEqual((await fourth).names, ["slow__newest", "quick__x"]);
      await saidAll(client, slow);
      assert.equal(changes(client), 2);
    }),
  );

  it(
    "a level and a subscription reach one that comes late",
    LIMIT,
    eachTransport(async (transport) => {
      await using root = await PuppetRoot.start(["slow", "quick"]);
      const { client, slow, quick } = await connect(root, transport);
      await using _ = client;
      const uri = "slow://ünï";
      const level = client.ask(
        request("level", "logging/setLevel", { level: "warning" }),
      );
      await quick.answer("logging/setLevel");
      assert.deepEqual((await level).message.result, {});
      const subscribed = client.ask(
        request("subscribe", "resources/subscribe", { uri }),
      );
      const nothing = { resources: [], resourceTemplates: [] };
      await quick.answer("resources/list", nothing);
      await quick.answer("resources/templates/list", nothing);
      assert.deepEqual((await subscribed).message.result, {});

      await slow.hello(CAPABLE);
      const { message } = await slow.told("logging/setLevel");
      assert.deepEqual(message.params, { level: "warning" });
      slow.say({ id: message.id, result: {} });
      const resources = [{ uri, name: "it" }];
      await slow.answer("resources/list", { resources });
      await slow.answer("resources/templates/list", nothing);
      await quick.answer("resources/list", nothing, 2);
      await quick.answer("resources/templates/list", nothing, 2);
      const { message: asked } = await slow.told("resources/subscribe");
      assert.deepEqual(asked.params, { uri });
      slow.say({ id: asked.id, result: {} });
      const updated = "notifications/resources/updated";
      slow.say({ method: updated, params: { uri } });
      assert.deepEqual(
        (await client.asked(updated)).message.params,
        { uri },
      );
      assert.ok(!quick.methods.includes("resources/subscribe"));
    }),
  );

  it(
    "one that never comes and ones that cannot be started are named, each with the reason",
    LIMIT,
    async () => {
      await using root = await PuppetRoot.start(["slow", "quick"], {
        crashing: { command: "node", args: ["-e", "process.exit(3)"] },
        nowhere: { command: "/no/such/program" },
      });
      const { client, quick, tookMs } = await connect(root, "streamable-http");
      await using _ = client;
      assert.ok(tookMs < WELCOME_MS, `initialize took ${tookMs} ms`);
      for (const number of [1, 2]) {
        const asked = list(client, `list ${number}`);
        await quick.answer("tools/list", tools("x"), number);
        const { names, missing, tookMs } = await asked;
        assert.ok(tookMs < LIST_MS, `the list took ${tookMs} ms`);
        assert.deepEqual(names, ["quick__x"]);
        assert.deepEqual(
          missing.map(({ server, fault }) => [server, fault]),
          [
            ["slow", "backend_timeout"],
            ["crashing", "backend_exited"],
            ["nowhere", "backend_unavailable"],
          ],
        );
        for (const { server, reason } of missing) {
          assert.match(reason, new RegExp(`[Ss]erver "${server}"`));
        }
      }
      const call = request("call", "tools/call", { name: "crashing__x" });
      const { message } = await client.ask(call);
      assert.match(message.error?.message ?? "", /[Ss]erver "crashing"/);
    },
  );

  it("ones that cannot be started hold up no list", LIMIT, async () => {
    await using root = await PuppetRoot.start(["quick"], {
      crashing: { command: "node", args: ["-e", "process.exit(3)"] },
      nowhere: { command: "/no/such/program" },
    });
    await using session = await root.connect("sse");
    const { client, servers: { quick } } = session;
    const asked = list(client, "list");
    await quick.answer("tools/list", tools("x"));
    const { names, missing, tookMs } = await asked;
    assert.ok(tookMs < PROMPTLY_MS, `it took ${tookMs} ms`);
    assert.deepEqual(names, ["quick__x"]);
    assert.deepEqual(
      missing.map(({ server }) => server),
      ["crashing", "nowhere"],
    );
  });

  it(
    "one for whose child there is no room is missing until there is",
    LIMIT,
    async () => {
      await using gateway = await startGateway(
        { first: paging("first"), second: paging("second") },
        { limits: { childrenPerServer: 1 } },
      );
      await using waiting = await (async () => {
        await using other = await rawAtRoot(gateway, "sse");
        await list(other, "list");
        const waiting = await rawAtRoot(gateway, "sse");
        const { names, missing, tookMs } = await list(waiting, "list");
        assert.ok(tookMs < PROMPTLY_MS, `it took ${tookMs} ms`);
        assert.deepEqual(names, []);
        assert.deepEqual(
          missing.map(({ server, fault }) => [server, fault]),
          [["first", "too_many_children"], ["second", "too_many_children"]],
        );
        return waiting;
      })();
      await waiting.heard.until(
        "two changes",
        () => changes(waiting) >= 2,
      );
      const { names, missing } = await list(waiting, "again");
      assert.deepEqual(missing, []);
      assert.equal(names.length, 4);
    },
  );

  it(
    "a client that leaves while they are starting leaves nothing behind",
    LIMIT,
    async () => {
      await using root = await PuppetRoot.start(["slow", "quick"]);
      for (const transport of ["sse", "streamable-http"] as const) {
        const { client, quick } = await connect(root, transport);
        const asked = client.send(request("list", "tools/list"));
        await quick.told("tools/list");
        await asked;
        if (client instanceof RawStreamableClient) await client.end();
        await client[Symbol.asyncDispose]();
      }
      await nothingLeft(root.gateway);
    },
  );
});
