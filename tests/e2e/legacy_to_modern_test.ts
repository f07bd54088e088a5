// The official client of the initialize era with the official server of the modern one, through the gateway.

import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import type { OfficialClient } from "../support/official_client.ts";
import { connectOfficial } from "../support/connect_official.ts";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import { modernOverHttp, modernOverStdio } from "../support/modern_server.ts";
import type { ModernServer } from "../support/modern_server.ts";
import { LIMIT } from "../support/shared_gateway.ts";

const servers: Readonly<Record<"http" | "stdio", Promise<ModernServer>>> = {
  http: modernOverHttp(),
  stdio: modernOverStdio(),
};
const TRANSPORTS = ["http", "stdio"] as const;

const starting = Promise.all([servers.http, servers.stdio])
  .then(([http, stdio]) =>
    startGateway({ http: http.entry, stdio: stdio.entry })
  );

after(async () => {
  await (await starting)[Symbol.asyncDispose]();
  for (const server of Object.values(servers)) {
    await (await server)[Symbol.asyncDispose]();
  }
});

async function connect(
  server: "http" | "stdio",
  transport: "sse" | "streamable-http" = "streamable-http",
): Promise<OfficialClient> {
  const leaf = transport === "sse" ? "sse" : "mcp";
  const url = `${(await starting).url}/${server}/${leaf}`;
  return await connectOfficial("v1", { transport, url, token: TOKENS.alice });
}

function textIn(result: unknown): string {
  const { content } = result as { content: { text: string }[] };
  return content.map(({ text }) => text).join();
}

/** What was asked of the client, by its methods. */
function asked({ counterpart }: OfficialClient): string[] {
  return counterpart.requests.all.map(({ method }) => method);
}

for (const server of TRANSPORTS) {
  describe(`a client of the initialize era and a modern server over ${server}`, () => {
    for (const transport of ["sse", "streamable-http"] as const) {
      it(
        `begin a session over ${transport}, call a tool and are asked something`,
        LIMIT,
        async () => {
          await using client = await connect(server, transport);
          assert.deepEqual(client.server, {
            info: { name: "modern", version: "2.0.0", title: "The modern one" },
            capabilities: {
              tools: { listChanged: true },
              prompts: { listChanged: true },
              resources: { subscribe: true, listChanged: true },
              logging: {},
              completions: {},
            },
            instructions: "Use it well",
          });
          const echoed = await client.callTool("echo", { text: "ünï↯😀" });
          assert.equal(textIn(echoed), "ünï↯😀");
          assert.ok(!("resultType" in echoed));
          const answer = await client.callTool("form");
          assert.deepEqual(JSON.parse(textIn(answer)), {
            form: { action: "accept", content: { name: "Ada", check: true } },
          });
        },
      );
    }

    it("share lists, prompts, resources and completions", LIMIT, async () => {
      await using client = await connect(server);
      const { verbs } = client;
      const listed = await verbs.listTools();
      for (const member of ["resultType", "ttlMs", "cacheScope"]) {
        assert.ok(!(member in listed), member);
      }
      const names = listed.tools.map(({ name }) => name);
      assert.ok(names.includes("echo") && names.includes("regional"));
      const primes = listed.tools.find(({ name }) => name === "primes");
      assert.equal(primes?.outputSchema?.type, "object");
      const { messages } = await verbs.getPrompt({
        name: "greet",
        arguments: { name: "Ada" },
      });
      assert.match(JSON.stringify(messages), /Hi Ada/);
      const { completion } = await verbs.complete({
        ref: { type: "ref/prompt", name: "greet" },
        argument: { name: "name", value: "A" },
      });
      assert.deepEqual(completion.values, ["Ada", "Alan"]);
      assert.equal((await verbs.listPrompts()).prompts.length, 1);
      assert.equal((await verbs.listResources()).resources.length, 1);
      const { resourceTemplates } = await verbs.listResourceTemplates();
      assert.equal(resourceTemplates.length, 1);
      const { contents } = await verbs.readResource({ uri: "memo://any/7" });
      assert.match(JSON.stringify(contents), /any 7/);
      await verbs.ping();
      await assert.rejects(verbs.readResource({ uri: "memo://none" }));
      await assert.rejects(client.request("x/unknown"), { code: -32601 });
    });

    it(
      "structured content is an object, with a text beside it",
      LIMIT,
      async () => {
        await using client = await connect(server);
        for (const order of ["not listed", "listed"]) {
          const primes = await client.callTool("primes");
          assert.deepEqual(
            primes.structuredContent,
            { result: [2, 3, 5] },
            order,
          );
          assert.equal(textIn(primes), "[2,3,5]");
          const place = await client.callTool("place");
          assert.deepEqual(place.structuredContent, { city: "Århus" });
          await client.verbs.listTools();
        }
      },
    );

    it("progress and cancellation reach whom they are for", LIMIT, async () => {
      const { noted } = await servers[server];
      await using client = await connect(server);
      const progress: number[] = [];
      await client.callTool("steps", {}, {
        onprogress: (one) => void progress.push(one.progress),
      });
      assert.deepEqual(progress, [1, 2, 3]);
      const before = noted.all.length;
      const leaving = new AbortController();
      const waiting = client.callTool("wait", {}, { signal: leaving.signal });
      await noted.until(
        "the call",
        (note) => note === "waits" && noted.all.lastIndexOf(note) >= before,
      );
      leaving.abort();
      await assert.rejects(waiting);
      await noted.until(
        "its end",
        (note) => note === "cancelled" && noted.all.lastIndexOf(note) >= before,
      );
      assert.equal(textIn(await client.callTool("echo", { text: "on" })), "on");
    });

    it(
      "the client is asked for all that it can give, at once and again",
      LIMIT,
      async () => {
        await using client = await connect(server);
        const all = JSON.parse(textIn(await client.callTool("all")));
        assert.deepEqual(Object.keys(all).toSorted(), [
          "form",
          "roots",
          "sample",
          "visit",
        ]);
        assert.deepEqual(all.roots.roots, [
          { uri: "file:///first", name: "first" },
        ]);
        assert.equal(all.sample.content.text, "a sampled answer: ünï↯😀");
        assert.deepEqual(asked(client).toSorted(), [
          "elicitation/create",
          "elicitation/create",
          "roots/list",
          "sampling/createMessage",
        ]);
        const visit = client.counterpart.requests.all.find(({ params }) =>
          params?.mode === "url"
        );
        const { elicitationId } = visit?.params ?? {};
        assert.equal(typeof elicitationId, "string");
        const complete = await client.counterpart.notifications.until(
          "that the visit is over",
          ({ method }) => method === "notifications/elicitation/complete",
        );
        assert.deepEqual(complete.params, { elicitationId });
        await client.callTool("twice");
        assert.equal(asked(client).length, 6);
        assert.equal(textIn(await client.callTool("later")), "{}");
        assert.equal(asked(client).length, 6);
      },
    );

    it(
      "a server that asks without end is not asked for ever",
      LIMIT,
      async () => {
        await using client = await connect(server);
        await assert.rejects(client.callTool("endless"), {
          message: /still asks for input after 10 rounds/,
        });
        assert.equal(asked(client).length, 10);
        assert.equal(
          textIn(await client.callTool("echo", { text: "on" })),
          "on",
        );
      },
    );

    it(
      "log messages come from the level on that the client has set",
      LIMIT,
      async () => {
        await using client = await connect(server);
        const { notifications } = client.counterpart;
        const logged = () =>
          notifications.all
            .filter(({ method }) => method === "notifications/message")
            .map(({ params }) => params?.data);
        await client.callTool("log");
        assert.deepEqual(logged(), []);
        await client.verbs.setLoggingLevel("warning");
        await client.callTool("log");
        assert.deepEqual(logged(), ["a failure"]);
        await client.verbs.setLoggingLevel("debug");
        await client.callTool("log");
        assert.deepEqual(logged(), ["a failure", "a detail", "a failure"]);
      },
    );

    it(
      "changes of lists and of resources are told to who watches them",
      LIMIT,
      async () => {
        const running = await servers[server];
        await using client = await connect(server);
        const { notifications } = client.counterpart;
        const told = (method: string, after = 0) =>
          notifications.until(
            method,
            (one) =>
              one.method === method && notifications.all.indexOf(one) >= after,
          );
        // What is subscribed to is acknowledged together with the lists.
        await client.verbs.subscribeResource({ uri: "memo://one" });
        for (const list of ["tools", "prompts", "resources"] as const) {
          running.announce(list);
          const { params } = await told(`notifications/${list}/list_changed`);
          assert.deepEqual(params ?? {}, {});
        }
        running.announce({ uri: "memo://other" });
        running.announce({ uri: "memo://one" });
        const updated = "notifications/resources/updated";
        assert.deepEqual((await told(updated)).params, { uri: "memo://one" });
        await client.verbs.subscribeResource({ uri: "memo://other" });
        await client.verbs.unsubscribeResource({ uri: "memo://one" });
        const before = notifications.all.length;
        running.announce({ uri: "memo://other" });
        assert.deepEqual((await told(updated, before)).params, {
          uri: "memo://other",
        });
      },
    );

    it("large messages cross, both ways", LIMIT, async () => {
      await using client = await connect(server);
      const bytes = 8 * 1024 * 1024;
      const filling = "y".repeat(1024 * 1024);
      const answer = await client.callTool("large", { bytes, filling });
      assert.equal(textIn(answer).length, bytes);
    });
  });
}

describe("a modern server over HTTP", () => {
  it(
    "is told arguments in headers, also of a tool that was not listed",
    LIMIT,
    async () => {
      await using client = await connect("http");
      for (const region of ["us-west1", "Århus ", "=?base64?x?="]) {
        const answer = await client.callTool("regional", { region });
        assert.equal(textIn(answer), `in ${region}`);
      }
    },
  );
});

describe("a modern server over stdio", () => {
  it(
    "that dies in a call answers it with how, and goes on",
    LIMIT,
    async () => {
      await using client = await connect("stdio");
      await assert.rejects(client.callTool("die"), {
        message: /"stdio" exited with code 0/,
      });
      assert.equal(textIn(await client.callTool("echo", { text: "on" })), "on");
      await client.counterpart.notifications.until(
        "that the tools may have changed",
        ({ method }) => method === "notifications/tools/list_changed",
      );
    },
  );
});
