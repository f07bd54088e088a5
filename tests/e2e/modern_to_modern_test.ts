// Clients and servers of the modern era, through the gateway: what crosses, who shares a child, and what a token may use.

import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { META } from "../../lib/protocol/meta.ts";
import { connectOfficial } from "../support/connect_official.ts";
import { ExchangeClient } from "../support/exchange_client.ts";
import type {
  Negotiation,
  OfficialClient,
} from "../support/official_client.ts";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import { modernOverHttp, modernOverStdio } from "../support/modern_server.ts";
import type { ModernServer } from "../support/modern_server.ts";
import { LIMIT } from "../support/shared_gateway.ts";

const OVER = ["http", "stdio"] as const;
type Over = (typeof OVER)[number];

const CI = "ci-0123456789abcdefghij";
const tokens = {
  ...TOKENS,
  ci: {
    value: CI,
    tools: { allow: ["echo", "form"] },
    prompts: { deny: ["*"] },
    resources: { allow: ["memo://one"] },
  },
  reader: { value: "reader-0123456789abcdef", readOnly: true },
};

const servers: Readonly<Record<Over, Promise<ModernServer>>> = {
  http: modernOverHttp(),
  stdio: modernOverStdio(),
};
const starting = Promise.all([servers.http, servers.stdio])
  .then(([http, stdio]) =>
    startGateway({ http: http.entry, stdio: stdio.entry }, {
      auth: { kind: "bearer_token", tokens },
    })
  );

after(async () => {
  await (await starting)[Symbol.asyncDispose]();
  for (const server of Object.values(servers)) {
    await (await server)[Symbol.asyncDispose]();
  }
});

async function connect(
  over: Over,
  token: string = TOKENS.alice,
  negotiation: Negotiation = "modern",
): Promise<OfficialClient> {
  const url = `${(await starting).url}/${over}/mcp`;
  const transport = "streamable-http" as const;
  return await connectOfficial("v2", { transport, url, token }, {
    negotiation,
  });
}

function textIn(result: unknown): string {
  const { content } = result as { content: { text: string }[] };
  return content.map(({ text }) => text).join();
}

for (const over of OVER) {
  describe(`a modern client and a modern server over ${over}`, () => {
    it(
      "call tools, with progress, and with input that is asked for",
      LIMIT,
      async () => {
        await using client = await connect(over);
        assert.equal(client.era, "modern");
        const echoed = await client.callTool("echo", { text: "ünï↯😀" });
        assert.equal(textIn(echoed), "ünï↯😀");
        const regional = await client.callTool("regional", {
          region: "Århus ",
        });
        assert.equal(textIn(regional), "in Århus ");
        const primes = await client.callTool("primes");
        assert.deepEqual(primes.structuredContent, [2, 3, 5]);
        const progress: number[] = [];
        await client.callTool("steps", {}, {
          onprogress: (one) => void progress.push(one.progress),
        });
        assert.deepEqual(progress, [1, 2, 3]);
        const all = JSON.parse(textIn(await client.callTool("all")));
        assert.deepEqual(Object.keys(all).toSorted(), [
          "form",
          "roots",
          "sample",
          "visit",
        ]);
        const large = await client.callTool("large", {
          bytes: 2 ** 23,
          filling: "",
        });
        assert.equal(textIn(large).length, 2 ** 23);
      },
    );

    it("end a call together, and listen to changes", LIMIT, async () => {
      const server = await servers[over];
      await using client = await connect(over);
      const leaving = new AbortController();
      const before = server.noted.all.length;
      const waiting = client.callTool("wait", {}, { signal: leaving.signal });
      const noted = (what: string) =>
        server.noted.until(
          what,
          (note) =>
            note === what && server.noted.all.lastIndexOf(note) >= before,
        );
      await noted("waits");
      leaving.abort();
      await assert.rejects(waiting);
      await noted("cancelled");
      const listening = await client.listen?.({
        toolsListChanged: true,
        resourceSubscriptions: ["memo://one"],
      });
      server.announce("prompts");
      server.announce({ uri: "memo://one" });
      server.announce("tools");
      const { notifications } = client.counterpart;
      await notifications.until(
        "both",
        ({ method }) => method === "notifications/tools/list_changed",
      );
      assert.deepEqual(notifications.all.map(({ method }) => method), [
        "notifications/resources/updated",
        "notifications/tools/list_changed",
      ]);
      await listening?.close();
    });

    it("say to each other what they say, and nothing else", LIMIT, async () => {
      const { url } = await starting;
      const client = new ExchangeClient(`${url}/${over}/mcp`, TOKENS.alice);
      const { response, answer } = await client.ask(
        "tools/call",
        { name: "echo", arguments: { text: "x" } },
        { id: "own" },
      );
      assert.equal(response.status, 200);
      assert.equal(answer.id, "own");
      assert.deepEqual(answer.result, {
        resultType: "complete",
        content: [{ type: "text", text: "x" }],
        _meta: {
          [META.serverInfo]: {
            name: "modern",
            version: "2.0.0",
            title: "The modern one",
          },
        },
      });
      const unknown = await client.ask("x/unknown");
      assert.equal(unknown.response.status, 404);
      assert.equal(unknown.answer.error?.code, -32601);
    });

    it(
      "of a token that may not use all see and use the rest, whatever the client's era",
      LIMIT,
      async () => {
        for (const negotiation of ["modern", "legacy"] as const) {
          await using client = await connect(over, CI, negotiation);
          const { tools } = await client.verbs.listTools();
          assert.deepEqual(tools.map(({ name }) => name), ["echo", "form"]);
          assert.deepEqual((await client.verbs.listPrompts()).prompts, []);
          assert.match(textIn(await client.callTool("form")), /Ada/);
          const refused = { message: /"ci" may not use/ };
          await assert.rejects(client.callTool("primes"), refused);
          await assert.rejects(
            client.verbs.getPrompt({ name: "greet", arguments: { name: "x" } }),
            refused,
          );
          await assert.rejects(
            client.verbs.readResource({ uri: "memo://any/7" }),
            refused,
          );
          assert.equal(
            (await client.verbs.readResource({ uri: "memo://one" })).contents
              .length,
            1,
          );
          await using reader = await connect(
            over,
            tokens.reader.value,
            negotiation,
          );
          assert.equal(
            textIn(await reader.callTool("echo", { text: "r" })),
            "r",
          );
          await assert.rejects(reader.callTool("primes"), /may not use/);
        }
        await using legacy = await connect(over, CI, "legacy");
        await legacy.verbs.subscribeResource({ uri: "memo://one" });
        await assert.rejects(
          legacy.verbs.subscribeResource({ uri: "memo://any/7" }),
        );
        await using modern = await connect(over, CI);
        const listening = await modern.listen?.({
          resourceSubscriptions: ["memo://one", "memo://any/7"],
        });
        assert.deepEqual(listening?.honoredFilter, {
          resourceSubscriptions: ["memo://one"],
        });
        await listening?.close();
      },
    );
  });
}

describe("a modern server over stdio", () => {
  it("has one child for each token, whoever comes with it", LIMIT, async () => {
    await using server = await modernOverStdio();
    await using gateway = await startGateway({ own: server.entry });
    const ask = async (token: string) => {
      const client = new ExchangeClient(`${gateway.url}/own/mcp`, token);
      const { answer } = await client.ask("tools/call", {
        name: "echo",
        arguments: { text: "x" },
      });
      assert.ok(answer.result);
    };
    await ask(TOKENS.alice);
    await Promise.all(Array.from({ length: 5 }, () => ask(TOKENS.alice)));
    assert.equal(server.count, 1);
    await Promise.all([ask(TOKENS.bob), ask(TOKENS.alice)]);
    assert.equal(server.count, 2);
  });
});
