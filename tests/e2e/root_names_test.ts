// How `proxy.root` names what the servers offer, and that every name leads back to its own server.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startGateway } from "../support/in_process_gateway.ts";
import type { OfficialClient } from "../support/official_client.ts";
import { answererOf, paging } from "../support/paging_server.ts";
import { officialAtRoot } from "../support/root_client.ts";
import { LIMIT } from "../support/shared_gateway.ts";

const LONG = "a-server-with-quite-a-long-name";

const SERVERS = {
  zebra: paging("zebra"),
  ant: paging("ant", [3]),
  [LONG]: paging(LONG, [1]),
};

type Kind = "tools" | "prompts";

/** The names of one list. */
async function namesOf({ verbs }: OfficialClient, kind: Kind) {
  const items: readonly { name: string }[] = kind === "tools"
    ? (await verbs.listTools()).tools
    : (await verbs.listPrompts()).prompts;
  return items.map(({ name }) => name);
}

/** Who answers to a name, and by which name of its own. */
async function target(client: OfficialClient, kind: Kind, name: string) {
  const result = kind === "tools"
    ? await client.callTool(name)
    : await client.verbs.getPrompt({ name });
  const text = JSON.stringify(result);
  const own = /(?:tool|prompt)-\d/.exec(text)?.[0];
  return [answererOf(result), own];
}

/** What the names of a list lead to, in its order. */
async function targets(client: OfficialClient, kind: Kind) {
  const found: unknown[] = [];
  for (const name of await namesOf(client, kind)) {
    found.push(await target(client, kind, name));
  }
  return found;
}

const EVERY: readonly (readonly [server: string, index: number])[] = [
  ["zebra", 0],
  ["zebra", 1],
  ["ant", 0],
  ["ant", 1],
  ["ant", 2],
  [LONG, 0],
];

describe("names at the root", () => {
  for (const transport of ["sse", "streamable-http"] as const) {
    const how = { sdk: "v2", transport } as const;
    for (const kind of ["tools", "prompts"] as const) {
      const one = kind === "tools" ? "tool" : "prompt";
      const name = `${how.transport}, ${kind}`;

      it(
        `${name}: always with the name of the server, and never longer than they may be`,
        LIMIT,
        async () => {
          const root = { separator: "-x-", nameLength: 30 };
          await using gateway = await startGateway(SERVERS, { root });
          await using client = await officialAtRoot(gateway, how);
          const names = await namesOf(client, kind);
          assert.deepEqual(names.slice(0, -1), [
            `zebra-x-${one}-0`,
            `zebra-x-${one}-1`,
            `ant-x-${one}-0`,
            `ant-x-${one}-1`,
            `ant-x-${one}-2`,
          ]);
          const last = names.at(-1) ?? "";
          assert.match(last, /^a-server-with-qui_[0-9a-f]{12}$/);
          assert.equal(last.length, 30);
          assert.deepEqual(
            await targets(client, kind),
            EVERY.map(([server, index]) => [server, `${one}-${index}`]),
          );
          // Another session knows the names before it has asked for a list, the changed one, too.
          await using other = await officialAtRoot(gateway, how);
          assert.deepEqual(await target(other, kind, last), [LONG, `${one}-0`]);
          assert.deepEqual(await target(other, kind, names[3] as string), [
            "ant",
            `${one}-1`,
          ]);
        },
      );

      it(
        `${name}: where two servers have the same name, the first keeps it and the others' get theirs before it`,
        LIMIT,
        async () => {
          const root = { prefix: "on-conflict" };
          await using gateway = await startGateway(SERVERS, { root });
          await using client = await officialAtRoot(gateway, how);
          assert.deepEqual(await namesOf(client, kind), [
            `${one}-0`,
            `${one}-1`,
            `ant__${one}-0`,
            `ant__${one}-1`,
            `${one}-2`,
            `${LONG}__${one}-0`,
          ]);
          assert.deepEqual(
            await targets(client, kind),
            EVERY.map(([server, index]) => [server, `${one}-${index}`]),
          );
          await using other = await officialAtRoot(gateway, how);
          assert.deepEqual(
            await target(other, kind, `${one}-2`),
            ["ant", `${one}-2`],
            "it is found without a list",
          );
        },
      );

      it(
        `${name}: without prefixes the others' are hidden, which the log says`,
        LIMIT,
        async () => {
          const root = { prefix: "never" };
          await using gateway = await startGateway(SERVERS, { root });
          await using client = await officialAtRoot(gateway, how);
          assert.deepEqual(await namesOf(client, kind), [
            `${one}-0`,
            `${one}-1`,
            `${one}-2`,
          ]);
          assert.deepEqual(await targets(client, kind), [
            ["zebra", `${one}-0`],
            ["zebra", `${one}-1`],
            ["ant", `${one}-2`],
          ]);
          await namesOf(client, kind);
          await gateway.logText();
          const kept = 'the name is kept by server "zebra"';
          const hidden = gateway.log.filter(({ msg }) =>
            msg === "Hidden at the root endpoint"
          );
          assert.deepEqual(
            hidden.map((
              line,
            ) => [line.level, line.server, line[one], line.reason]),
            [
              ["ERROR", "ant", `${one}-0`, kept],
              ["ERROR", "ant", `${one}-1`, kept],
              ["ERROR", LONG, `${one}-0`, kept],
            ],
            "each is said once",
          );
        },
      );
    }

    it(
      `${how.transport}: a client that looks for the modern era finds it where the transport has it`,
      LIMIT,
      async () => {
        await using gateway = await startGateway(SERVERS);
        await using client = await officialAtRoot(gateway, how, {
          negotiation: "auto",
        });
        const isOfBoth = how.transport === "streamable-http";
        assert.equal(client.era, isOfBoth ? "modern" : "legacy");
        assert.equal((await namesOf(client, "tools")).length, EVERY.length);
      },
    );
  }
});
