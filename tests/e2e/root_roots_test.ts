// The client is asked for its roots once for all servers behind the root.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "../../lib/protocol/messages.ts";
import { PuppetRoot } from "../support/puppet_root.ts";
import type { Puppet } from "../support/puppets.ts";
import { notification } from "../support/raw_client.ts";
import type { RawClient } from "../support/raw_client.ts";
import { LIMIT } from "../support/shared_gateway.ts";

const ROOTS = "roots/list";
const CHANGED = "notifications/roots/list_changed";
const NAMES = ["a", "b", "c", "d", "e"] as const;
const FIRST = { roots: [{ uri: "file:///first" }] };
const SECOND = { roots: [{ uri: "file:///second" }] };

function questions(client: RawClient): Message[] {
  return client.heard.all.map(({ message }) => message)
    .filter(({ method }) => method === ROOTS);
}

/** The question of this number, counted from 1, once it comes. */
async function question(client: RawClient, number: number): Promise<Message> {
  await client.heard.until(
    `question ${number}`,
    () => questions(client).length >= number,
  );
  return questions(client)[number - 1] as Message;
}

async function answer(
  client: RawClient,
  { id }: Message,
  body: Record<string, unknown>,
): Promise<void> {
  await client.send(JSON.stringify({ jsonrpc: "2.0", id, ...body }));
}

async function answerTo(server: Puppet, id: string | number): Promise<Message> {
  return (await server.answered(id)).message;
}

describe("the roots of a client of the root", () => {
  for (const transport of ["sse", "streamable-http"] as const) {
    for (const listChanged of [true, false]) {
      it(
        `${transport}: many servers are one question, ${
          listChanged
            ? "until the client tells of a change"
            : "again where no change is told"
        }`,
        LIMIT,
        async () => {
          await using root = await PuppetRoot.start(NAMES);
          const capabilities = { roots: { listChanged } };
          await using session = await root.connect(transport, { capabilities });
          const { client, servers } = session;
          const all = Object.entries(servers);
          for (const [index, [name, server]] of all.entries()) {
            server.say({ id: 1, method: ROOTS });
            server.say({ id: `${name} ${index}`, method: ROOTS });
          }
          const first = await question(client, 1);
          // One after the other says something else, so that all have been heard.
          for (const [name, server] of all) {
            server.say({ method: "notifications/message", params: { name } });
            await client.heard.until(
              name,
              ({ message }) => message.params?.name === name,
            );
          }
          await answer(client, first, { result: FIRST });
          for (const [index, [name, server]] of all.entries()) {
            for (const id of [1, `${name} ${index}`]) {
              assert.deepEqual((await answerTo(server, id)).result, FIRST);
            }
          }
          assert.equal(questions(client).length, 1);
          servers.a.say({ id: 2, method: ROOTS });
          if (!listChanged) {
            await answer(client, await question(client, 2), { result: SECOND });
            assert.deepEqual((await answerTo(servers.a, 2)).result, SECOND);
            return;
          }
          assert.deepEqual((await answerTo(servers.a, 2)).result, FIRST);
          assert.equal(questions(client).length, 1, "it is known already");
          await client.send(notification(CHANGED));
          for (const [, server] of all) await server.told(CHANGED);
          for (const [, server] of all) server.say({ id: 3, method: ROOTS });
          await answer(client, await question(client, 2), { result: SECOND });
          for (const [, server] of all) {
            assert.deepEqual((await answerTo(server, 3)).result, SECOND);
          }
          assert.equal(questions(client).length, 2);
        },
      );
    }

    it(
      `${transport}: a refusal reaches every server, and is not kept`,
      LIMIT,
      async () => {
        await using root = await PuppetRoot.start(["a", "b"]);
        const capabilities = { roots: { listChanged: true } };
        await using session = await root.connect(transport, { capabilities });
        const { client, servers: { a, b } } = session;
        a.say({ id: "x", method: ROOTS });
        const first = await question(client, 1);
        b.say({ id: "x", method: ROOTS });
        b.say({ method: "notifications/message", params: { data: "said" } });
        await client.asked("notifications/message");
        const error = { code: -32601, message: "no roots here" };
        await answer(client, first, { error });
        for (const server of [a, b]) {
          assert.deepEqual((await answerTo(server, "x")).error, error);
        }
        b.say({ id: "y", method: ROOTS });
        await answer(client, await question(client, 2), { result: FIRST });
        assert.deepEqual((await answerTo(b, "y")).result, FIRST);
      },
    );
  }
});
