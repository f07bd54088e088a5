// What servers ask of the official clients is answered, over all six transport pairs.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startEverything } from "../support/reference_servers.ts";
import type { FromServer } from "../support/counterpart.ts";
import type { OfficialClient } from "../support/official_client.ts";
import { overTransport } from "../support/servers.ts";
import {
  COMBINATIONS,
  LIMIT,
  named,
  PAIRS,
  sharedWorld,
} from "../support/world.ts";

describe("six pairs, requests of the server", () => {
  const world = sharedWorld(() => startEverything());

  for (const { sdk, client: transport, backend } of COMBINATIONS) {
    const pair = `${sdk}, ${named({ client: transport, backend })}`;
    const connect = async () =>
      await (await world()).official(sdk, transport, overTransport(backend));

    it(`${pair}: sampling`, LIMIT, async () => {
      await using client = await connect();
      const prompt = "a prompt: ünï↯😀";
      const { content } = await client.callTool("trigger-sampling-request", {
        prompt,
        maxTokens: 7,
      });
      const asked = requestOf(client, "sampling/createMessage");
      assert.equal(asked.params?.maxTokens, 7);
      assert.ok(JSON.stringify(asked.params).includes(prompt));
      assert.match(JSON.stringify(content), /a sampled answer: ünï↯😀/);
    });

    it(`${pair}: elicitation by a form and by a url`, LIMIT, async () => {
      await using client = await connect();
      const form = await client.callTool("trigger-elicitation-request");
      const { params } = requestOf(client, "elicitation/create");
      assert.match(JSON.stringify(params), /Your full, legal name/);
      assert.match(JSON.stringify(form.content), /Ada/);
      const url = "https://example.com/authorize?state=a%20b";
      const args = { url, elicitationId: "elicitation-1" };
      const byUrl = await client.callTool("trigger-url-elicitation", args);
      assert.match(
        JSON.stringify(byUrl.content),
        /completed the URL elicitation/,
      );
      // The server may ask for the roots at any time, also last.
      const asked = client.counterpart.requests.all
        .find(({ params }) => params?.url !== undefined);
      assert.deepEqual([asked?.params?.url, asked?.params?.elicitationId], [
        url,
        "elicitation-1",
      ]);
    });

    it(`${pair}: elicitation by an error with data`, LIMIT, async () => {
      await using client = await connect();
      const args = { url: `https://example.com/${sdk}`, errorPath: true };
      await assert.rejects(
        client.callTool("trigger-url-elicitation", args),
        (error: { code?: unknown; data?: unknown }) => {
          assert.equal(error.code, -32042);
          assert.match(JSON.stringify(error.data), /modelcontextprotocol\.io/);
          return true;
        },
      );
    });

    it(`${pair}: roots, and their changes`, LIMIT, async () => {
      await using client = await connect();
      const { requests, notifications } = client.counterpart;
      await requests.until(
        "roots/list",
        ({ method }) => method === "roots/list",
      );
      await notifications.until("the server's word on one root", updated(1));
      client.counterpart.roots = [
        { uri: "file:///second", name: "second" },
        { uri: "file:///th%20ird", name: "dritte ü" },
      ];
      await client.verbs.sendRootsListChanged();
      await notifications.until("the server's word on two roots", updated(2));
      const { content } = await client.callTool("get-roots-list");
      assert.match(JSON.stringify(content), /second.*dritte ü.*th%20ird/);
    });
  }

  it(
    "all pairs: what a task asks comes on the stream of tasks/result",
    LIMIT,
    async () => {
      const shared = await world();
      await Promise.all(PAIRS.map(async ({ client: transport, backend }) => {
        await using client = await shared.official(
          "v1",
          transport,
          overTransport(backend),
        );
        const { task } = await client.request("tools/call", {
          name: "simulate-research-query",
          arguments: { topic: "python", ambiguous: true },
          task: { ttl: 60_000 },
        });
        const { taskId } = task as { taskId: string };
        const { content } = await client.request("tasks/result", { taskId });
        requestOf(client, "elicitation/create");
        assert.match(
          JSON.stringify(content),
          /Research Report: python \(technical\)/,
        );
      }));
    },
  );
});

function requestOf(client: OfficialClient, method: string): FromServer {
  const found = client.counterpart.requests.all.find((one) =>
    one.method === method
  );
  assert.ok(found, `the server has not asked ${method}`);
  return found;
}

function updated(count: number): (told: FromServer) => boolean {
  return ({ method, params }) =>
    method === "notifications/message" &&
    String(params?.data).startsWith(`Roots updated: ${count} root`);
}
