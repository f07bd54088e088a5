// Servers behind the root that use the same ids, and one that means harm: none reaches what is another's.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message, RequestId } from "../../lib/protocol/messages.ts";
import { CAPABLE, PuppetRoot } from "../support/puppet_root.ts";
import type { Puppet } from "../support/puppets.ts";
import { notification, request } from "../support/raw_client.ts";
import type { RawClient } from "../support/raw_client.ts";
import { officialAtRoot, ROOT_CLIENTS } from "../support/root_client.ts";
import { LIMIT } from "../support/shared_gateway.ts";

const SAMPLING = "sampling/createMessage";
const TRANSPORTS = ["sse", "streamable-http"] as const;

/** The requests and notifications of one method that the client has heard. */
function heard(client: RawClient, wanted: string): Message[] {
  return client.heard.all.map(({ message }) => message)
    .filter(({ method }) => method === wanted);
}

/** The answers that the client has heard to a request. */
function answers(client: RawClient, id: RequestId): Message[] {
  return client.heard.all.map(({ message }) => message)
    .filter((message) => message.method === undefined && message.id === id);
}

/** Resolves when the server has heard all that the client has said to it so far. */
async function caughtUp(client: RawClient, name: string, server: Puppet) {
  const id = `marker ${name} ${server.heard.all.length}`;
  await client.send(request(id, "tools/call", { name: `${name}__marker` }));
  await server.heard.until(id, ({ message }) => message.id === id);
  server.say({ id, result: {} });
  // Whatever the server has said before comes before this.
  await client.answer(id);
}

describe("servers that know each other's ids", () => {
  for (const transport of TRANSPORTS) {
    it(
      `${transport}: each gets the answers to its own requests, whatever ids they have`,
      LIMIT,
      async () => {
        await using root = await PuppetRoot.start(["a", "b"]);
        await using session = await root.connect(transport);
        const { client, servers } = session;
        const ids: readonly RequestId[] = [1, "1", 0, "mcp-front-0", -7, ""];
        for (const id of ids) {
          for (const [who, server] of Object.entries(servers)) {
            const params = { who, of: id, _meta: { progressToken: 1 } };
            server.say({ id, method: SAMPLING, params });
          }
        }
        await client.heard.until(
          "all requests",
          () => heard(client, SAMPLING).length === 2 * ids.length,
        );
        const asked = heard(client, SAMPLING);
        assert.equal(new Set(asked.map(({ id }) => id)).size, asked.length);
        const tokenOf = ({ params }: Message) =>
          (params?._meta as { progressToken: string }).progressToken;
        assert.equal(new Set(asked.map(tokenOf)).size, asked.length);
        for (const one of [...asked].reverse()) {
          const { who, of } = one.params as { who: string; of: RequestId };
          await client.send(notification("notifications/progress", {
            progressToken: tokenOf(one),
            progress: 1,
            message: who,
          }));
          const result = { who, of };
          await client.send(
            JSON.stringify({ jsonrpc: "2.0", id: one.id, result }),
          );
        }
        for (const [who, server] of Object.entries(servers)) {
          await caughtUp(client, who, server);
          const said = server.heard.all.map(({ message }) => message);
          const answered = said.filter(({ method }) => method === undefined);
          const told = [...ids].reverse();
          assert.deepEqual(answered.map(({ id }) => id), told);
          assert.deepEqual(
            answered.map(({ result }) => result),
            told.map((of) => ({ who, of })),
          );
          const progress = said.filter(({ method }) =>
            method === "notifications/progress"
          );
          assert.deepEqual(
            progress.map(({ params }) => params),
            told.map(() => ({ progressToken: 1, progress: 1, message: who })),
          );
        }
      },
    );

    it(
      `${transport}: a server that answers, cancels or tells of what is another's is not heard`,
      LIMIT,
      async () => {
        await using root = await PuppetRoot.start(["a", "b"]);
        await using session = await root.connect(transport);
        const { client, servers: { a, b } } = session;
        const call = {
          name: "a__work",
          _meta: { progressToken: "progress-1" },
        };
        await client.send(request(5, "tools/call", call));
        await a.told("tools/call");
        a.say({ id: "ask-1", method: SAMPLING });
        const { message: asked } = await client.asked(SAMPLING);
        const harm: readonly Omit<Message, "jsonrpc">[] = [
          { id: 5, result: { who: "b" } },
          { id: 5, error: { code: -1, message: "b" } },
          {
            method: "notifications/progress",
            params: { progressToken: "progress-1", progress: 99 },
          },
          { method: "notifications/cancelled", params: { requestId: 5 } },
          { method: "notifications/cancelled", params: { requestId: "ask-1" } },
          {
            method: "notifications/cancelled",
            params: { requestId: asked.id },
          },
          { id: "ask-1", result: { who: "b" } },
          { id: asked.id, result: { who: "b" } },
        ];
        for (const message of harm) b.say(message);
        await caughtUp(client, "b", b);
        await client.send(
          JSON.stringify({
            jsonrpc: "2.0",
            id: asked.id,
            result: { who: "me" },
          }),
        );
        const { message: answered } = await a.answered("ask-1");
        assert.deepEqual(answered.result, { who: "me" });
        a.say({
          method: "notifications/progress",
          params: { progressToken: "progress-1", progress: 1 },
        });
        a.say({ id: 5, result: { who: "a" } });
        a.say({ id: 5, result: { who: "a", again: true } });
        await caughtUp(client, "a", a);
        assert.deepEqual(
          answers(client, 5).map(({ result }) => result),
          [{ who: "a" }],
        );
        assert.deepEqual(
          heard(client, "notifications/progress").map(({ params }) => params),
          [{ progressToken: "progress-1", progress: 1 }],
        );
        assert.deepEqual(heard(client, "notifications/cancelled"), []);
        assert.deepEqual(
          a.methods.filter((one) => one === "notifications/cancelled"),
          [],
        );
        const text = await root.gateway.logText();
        const notices = harm.filter(({ method }) => method !== undefined);
        const lines = root.gateway.log.filter(({ msg, server, kind }) =>
          msg === "Message dropped" && server === "b" && kind === "notification"
        );
        assert.deepEqual(
          lines.map(({ level, from, method }) => [level, from, method]),
          notices.map(({ method }) => ["WARN", "backend", method]),
        );
        for (const id of ["ask-1", "progress-1", String(asked.id)]) {
          assert.ok(!text.includes(id), id);
        }
      },
    );

    it(
      `${transport}: what the client cancels is cancelled at its own server only`,
      LIMIT,
      async () => {
        await using root = await PuppetRoot.start(["a", "b"]);
        await using session = await root.connect(transport);
        const { client, servers: { a, b } } = session;
        await client.send(request(1, "tools/call", { name: "a__work" }));
        await client.send(request(2, "tools/call", { name: "b__work" }));
        await a.told("tools/call");
        await b.told("tools/call");
        const cancel = { requestId: 1, reason: "enough" };
        await client.send(notification("notifications/cancelled", cancel));
        const { message } = await a.told("notifications/cancelled");
        assert.deepEqual(message.params, cancel);
        a.say({ id: 1, result: { late: true } });
        b.say({ id: 2, result: { who: "b" } });
        assert.deepEqual((await client.answer(2)).message.result, { who: "b" });
        await caughtUp(client, "a", a);
        await caughtUp(client, "b", b);
        assert.deepEqual(answers(client, 1), []);
        assert.ok(!b.methods.includes("notifications/cancelled"));
      },
    );

    it(
      `${transport}: what a server cancels is cancelled at the client by the id that it knows`,
      LIMIT,
      async () => {
        await using root = await PuppetRoot.start(["a", "b"]);
        await using session = await root.connect(transport);
        const { client, servers: { a, b } } = session;
        a.say({ id: 1, method: SAMPLING, params: { who: "a" } });
        await client.asked(SAMPLING);
        b.say({ id: 1, method: SAMPLING, params: { who: "b" } });
        await client.heard.until(
          "both",
          () => heard(client, SAMPLING).length === 2,
        );
        b.say({ method: "notifications/cancelled", params: { requestId: 1 } });
        const { message } = await client.asked("notifications/cancelled");
        const [ofA, ofB] = heard(client, SAMPLING);
        assert.equal(ofB?.params?.who, "b");
        assert.equal(message.params?.requestId, ofB?.id);
        for (const { id } of [ofB, ofA] as Message[]) {
          await client.send(JSON.stringify({ jsonrpc: "2.0", id, result: {} }));
        }
        await a.answered(1);
        await caughtUp(client, "b", b);
        assert.ok(!b.methods.includes(1), "it has taken its question back");
      },
    );

    it(
      `${transport}: answers and errors come byte for byte`,
      LIMIT,
      async () => {
        await using root = await PuppetRoot.start(["a", "b"]);
        await using session = await root.connect(transport);
        const { client, servers: { b } } = session;
        const texts = [
          '{ "id":1,"jsonrpc" : "2.0" ,"result":{"n":1e400,"u":"\\u00fc","u":2,  "z":-0.0}}',
          '{"error":{"message":"\\u00fc","code":-32000.0 ,"data":[1e400]}, "jsonrpc":"2.0","id":2}',
        ];
        for (const [index, text] of texts.entries()) {
          const id = index + 1;
          await client.send(request(id, "tools/call", { name: "b__odd" }));
          const { message } = await b.told("tools/call", id);
          assert.equal(message.params?.name, "odd");
          b.say(text);
          assert.equal((await client.answer(id)).text, text);
        }
      },
    );
  }

  for (const how of ROOT_CLIENTS) {
    it(
      `${how.sdk}, ${how.transport}: a call that is aborted is cancelled at its server, and the others go on`,
      LIMIT,
      async () => {
        await using root = await PuppetRoot.start(["a", "b"]);
        const coming = root.next();
        const connecting = officialAtRoot(root.gateway, how);
        const { a, b } = await coming;
        await Promise.all([a.hello(CAPABLE), b.hello(CAPABLE)]);
        await using client = await connecting;
        const leaving = new AbortController();
        const { signal } = leaving;
        const aborted = client.callTool("a__work", {}, { signal }).then(
          () => assert.fail("it was not aborted"),
          () => {},
        );
        const other = client.callTool("b__work");
        const { message: call } = await a.told("tools/call");
        await b.told("tools/call");
        leaving.abort();
        await aborted;
        const { message } = await a.told("notifications/cancelled");
        assert.equal(message.params?.requestId, call.id);
        const content = [{ type: "text", text: "b" }];
        await b.answer("tools/call", { content });
        assert.deepEqual((await other).content, content);
        assert.ok(!b.methods.includes("notifications/cancelled"));
      },
    );
  }
});
