// An official client that knows the modern era only, with a real server that knows sessions only, over its three transports.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { META } from "../../lib/protocol/meta.ts";
import { connectOfficial } from "../support/connect_official.ts";
import type { FromServer } from "../support/counterpart.ts";
import {
  QUESTIONS,
  refusal,
  REFUSED,
} from "../support/everything_questions.ts";
import { TOKENS } from "../support/in_process_gateway.ts";
import type { OfficialClient } from "../support/official_client.ts";
import { startEverything } from "../support/reference_servers.ts";
import { BACKEND_TRANSPORTS, overTransport } from "../support/servers.ts";
import { LIMIT, sharedWorld } from "../support/world.ts";

const RESOURCE = "demo://resource/dynamic/text/1";
const RESOURCES_CHANGED = "notifications/resources/list_changed";
const UPDATED = "notifications/resources/updated";

describe("a modern client of a legacy server", () => {
  const world = sharedWorld(() => startEverything("always"));

  for (const backend of BACKEND_TRANSPORTS) {
    const connect = async (
      name: keyof typeof TOKENS = "alice",
    ): Promise<OfficialClient> => {
      const { gateway } = await world();
      const url = `${gateway.url}/${overTransport(backend)}/mcp`;
      const token = TOKENS[name];
      const client = await connectOfficial(
        "v2",
        { transport: "streamable-http", url, token },
        { negotiation: "modern" },
      );
      assert.equal(client.era, "modern");
      return client;
    };

    it(
      `${backend}: has the same answers as a legacy client without the gateway`,
      LIMIT,
      async () => {
        const { servers } = await world();
        await using via = await connect();
        await using direct = await connectOfficial(
          "v2",
          servers.direct[backend],
        );
        const { capabilities, ...others } = via.server;
        const { tasks: _tasks, ...able } = direct.server
          .capabilities as Record<string, unknown>;
        assert.deepEqual(others, {
          info: direct.server.info,
          instructions: direct.server.instructions,
        });
        assert.deepEqual(capabilities, able);
        for (const [what, ask] of Object.entries(QUESTIONS)) {
          if (what === "ping") continue;
          const expected = await ask(direct);
          assert.deepEqual(
            unbridged(await ask(via)),
            withoutTasks(expected),
            what,
          );
        }
        for (const [what, ask] of Object.entries(REFUSED)) {
          if (what === "an unknown method") continue;
          const expected = await refusal(ask(direct));
          assert.deepEqual(await refusal(ask(via)), expected, what);
        }
      },
    );

    it(
      `${backend}: sampling, and elicitation by a form and by a url`,
      LIMIT,
      async () => {
        await using client = await connect();
        const { requests } = client.counterpart;
        const prompt = "a prompt: ünï↯😀";
        const sampled = await client.callTool("trigger-sampling-request", {
          prompt,
          maxTokens: 7,
        });
        assert.match(
          JSON.stringify(sampled.content),
          /a sampled answer: ünï↯😀/,
        );
        assert.ok(JSON.stringify(requests.all).includes(prompt));
        const form = await client.callTool("trigger-elicitation-request");
        assert.match(JSON.stringify(form.content), /Ada/);
        const url = "https://example.com/authorize?state=a%20b";
        const byUrl = await client.callTool("trigger-url-elicitation", {
          url,
          elicitationId: "elicitation-1",
        });
        assert.match(
          JSON.stringify(byUrl.content),
          /completed the URL elicitation/,
        );
        const asked = requests.all.find(({ params }) => params?.mode === "url");
        assert.equal(asked?.params?.url, url);
        assert.equal(asked?.params?.elicitationId, undefined);
      },
    );

    it(
      `${backend}: elicitation by an error, after which the call is made again`,
      LIMIT,
      async () => {
        await using client = await connect();
        const url = `https://example.com/${backend}`;
        const { content } = await client.callTool("trigger-url-elicitation", {
          url,
          errorPath: true,
        });
        assert.match(JSON.stringify(content), /completed the URL elicitation/);
        const urls = client.counterpart.requests.all
          .map(({ params }) => params?.url);
        assert.equal(urls.length, 2);
        assert.equal(urls[1], url);
      },
    );

    it(
      `${backend}: roots, and the log of the call that asks for them`,
      LIMIT,
      async () => {
        // Of a token of its own: in a session that has begun before, the server may know the roots.
        await using client = await connect("bob");
        const { requests, notifications } = client.counterpart;
        const _meta = { [META.logLevel]: "info" };
        const { content } = await client.request("tools/call", {
          name: "get-roots-list",
          arguments: {},
          _meta,
        });
        assert.match(JSON.stringify(content), /file:\/\/\/first/);
        assert.equal(requests.all[0]?.method, "roots/list");
        // This server says it on the stream that belongs to no call, and that may come after the answer.
        if (backend === "streamable-http") return;
        await notifications.until(
          "the server's word on one root",
          isAboutRoots,
        );
      },
    );

    it(`${backend}: progress, and calls side by side`, LIMIT, async () => {
      await using client = await connect();
      await Promise.all([2, 3, 4].map(async (steps) => {
        const noticed: unknown[] = [];
        const { content } = await client.callTool(
          "trigger-long-running-operation",
          { duration: 0.2, steps },
          { onprogress: ({ total }) => void noticed.push(total) },
        );
        assert.match(JSON.stringify(content), new RegExp(`Steps: ${steps}`));
        assert.deepEqual(new Set(noticed), new Set([steps]));
      }));
    });

    it(
      `${backend}: a call that is cancelled, and others that are not`,
      LIMIT,
      async () => {
        await using client = await connect();
        const cancelling = new AbortController();
        const { signal } = cancelling;
        const work = client.callTool(
          "trigger-long-running-operation",
          { duration: 30, steps: 60 },
          { signal, onprogress: () => cancelling.abort("enough") },
        );
        await assert.rejects(work, /enough/);
        const { content } = await client.callTool("get-sum", { a: 1, b: 2 });
        assert.match(JSON.stringify(content), /The sum of 1 and 2 is 3/);
      },
    );

    it(
      `${backend}: a subscription to a resource and to a list`,
      LIMIT,
      async () => {
        await using client = await connect();
        const { notifications } = client.counterpart;
        const subscription = await client.listen?.({
          resourceSubscriptions: [RESOURCE],
          resourcesListChanged: true,
        });
        assert.deepEqual(subscription?.honoredFilter, {
          resourceSubscriptions: [RESOURCE],
          resourcesListChanged: true,
        });
        await client.callTool("toggle-subscriber-updates");
        const { params } = await notifications.until(
          "an update",
          ({ method }) => method === UPDATED,
        );
        assert.equal(params?.uri, RESOURCE);
        await client.callTool("toggle-subscriber-updates");
        await client.callTool("gzip-file-as-resource", {
          name: `file-${backend}`,
          data: "data:text/plain;base64,aGk=",
        });
        await notifications.until(
          "that the list of resources has changed",
          ({ method }) => method === RESOURCES_CHANGED,
        );
        await subscription?.close();
        assert.equal(await subscription?.closed, "local");
      },
    );
  }
});

function isAboutRoots({ method, params }: FromServer): boolean {
  return method === "notifications/message" &&
    String(params?.data).startsWith("Roots updated: 1 root");
}

/** A result without what belongs to the modern era alone. */
function unbridged(result: unknown): unknown {
  const { _meta, ttlMs: _ttl, cacheScope: _scope, ...others } =
    result as Record<
      string,
      unknown
    >;
  const { [META.serverInfo]: info, ...meta } = (_meta ?? {}) as Record<
    string,
    unknown
  >;
  assert.ok(info, "it says who the server is");
  return Object.keys(meta).length > 0 ? { ...others, _meta: meta } : others;
}

/** What the official client leaves out of tools in the modern era. */
function withoutTasks(result: unknown): unknown {
  const { tools, ...others } = result as Record<string, unknown>;
  if (!Array.isArray(tools)) return result;
  const left = tools.map(({ execution: _execution, ...tool }) => tool);
  return { ...others, tools: left };
}
