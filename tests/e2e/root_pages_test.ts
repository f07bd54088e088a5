// Lists of several servers that have pages, as one list with pages.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import { TOKENS } from "../support/in_process_gateway.ts";
import { answererOf, paging } from "../support/paging_server.ts";
import { request } from "../support/raw_client.ts";
import type { RawClient } from "../support/raw_client.ts";
import {
  officialAtRoot,
  rawAtRoot,
  ROOT_CLIENTS,
} from "../support/root_client.ts";
import { LIMIT, sharedGateway } from "../support/shared_gateway.ts";

/** By server, in the order of the file: pages in the middle may be empty, and lists, too. */
const SIZES: Readonly<Record<string, readonly number[]>> = {
  zebra: [2, 0, 3],
  none: [0],
  one: [1],
  ant: [1, 1, 1, 1],
  last: [0, 2],
};

interface List {
  readonly method: string;
  readonly items: string;
  readonly key: string;
  name(server: string, index: number): string;
}

const LISTS: readonly List[] = [
  {
    method: "tools/list",
    items: "tools",
    key: "name",
    name: (server, index) => `${server}__tool-${index}`,
  },
  {
    method: "prompts/list",
    items: "prompts",
    key: "name",
    name: (server, index) => `${server}__prompt-${index}`,
  },
  {
    method: "resources/list",
    items: "resources",
    key: "uri",
    name: (server, index) => `${server}://one/${index}`,
  },
  {
    method: "resources/templates/list",
    items: "resourceTemplates",
    key: "uriTemplate",
    name: (server, index) => `${server}://many-${index}/{id}`,
  },
];

function union(name: List["name"], servers = Object.keys(SIZES)): string[] {
  return servers.flatMap((server) => {
    const count = SIZES[server]?.reduce((sum, size) => sum + size, 0);
    return Array.from(
      { length: count ?? 0 },
      (_, index) => name(server, index),
    );
  });
}

/** The pages of a list to its end. */
async function pages(client: RawClient, { method, items, key }: List) {
  const names: string[][] = [];
  const cursors: string[] = [];
  let params: Record<string, unknown> = {};
  for (;;) {
    const id = `${method} ${names.length}`;
    const { message } = await client.ask(request(id, method, params));
    const { [items]: page, nextCursor, ...more } = message.result as Record<
      string,
      unknown
    >;
    assert.deepEqual(more, {});
    names.push((page as Record<string, string>[]).map((one) => `${one[key]}`));
    if (nextCursor === undefined) return { names, cursors };
    cursors.push(nextCursor as string);
    assert.ok(cursors.length < 100, "it has no end");
    params = { cursor: nextCursor };
  }
}

describe("lists with pages at the root", () => {
  const gateway = sharedGateway(
    Object.fromEntries(
      Object.entries(SIZES).map((
        [name, sizes],
      ) => [name, {
        ...paging(name, sizes),
        ...(name === "ant" && { authTokens: ["alice"] }),
      }]),
    ),
  );

  for (const transport of ["sse", "streamable-http"] as const) {
    it(
      `${transport}: all pages together are all that there is, in order and once`,
      LIMIT,
      async () => {
        await using client = await rawAtRoot(await gateway(), transport);
        for (const list of LISTS) {
          const { names, cursors } = await pages(client, list);
          assert.deepEqual(names.flat(), union(list.name), list.method);
          assert.ok(names.length > 4, "there are several pages");
          assert.equal(new Set(cursors).size, cursors.length);
          for (const cursor of cursors) {
            assert.doesNotMatch(
              cursor,
              /page|zebra|ant|last/,
              "it says nothing",
            );
          }
        }
      },
    );

    it(
      `${transport}: a cursor leads on from its place, again and again`,
      LIMIT,
      async () => {
        await using client = await rawAtRoot(await gateway(), transport);
        const [list] = LISTS as [List];
        const { names, cursors } = await pages(client, list);
        for (const [index, cursor] of [...cursors.entries()].reverse()) {
          const asked = request(`again ${index}`, list.method, { cursor });
          const { message } = await client.ask(asked);
          const { tools } = message.result as { tools: { name: string }[] };
          assert.deepEqual(tools.map(({ name }) => name), names[index + 1]);
        }
      },
    );

    it(
      `${transport}: a cursor that was made up is refused with -32602`,
      LIMIT,
      async () => {
        await using client = await rawAtRoot(await gateway(), transport);
        const forged = [
          "page-1",
          "",
          "nonsense",
          "0",
          5,
          null,
          ["zebra", "page-1"],
          encoded("zebra"),
          encoded({ server: "zebra", cursor: "page-1" }),
          encoded(["nobody", "page-1"]),
          encoded(["zebra", 1]),
          encoded(["zebra", "page-1", "page-2"]),
        ];
        for (const [index, cursor] of forged.entries()) {
          for (const { method } of LISTS) {
            const { message } = await client.ask(
              request(`${index} ${method}`, method, { cursor }),
            );
            assert.equal(
              message.error?.code,
              -32602,
              `${method} ${JSON.stringify(cursor)}`,
            );
          }
        }
      },
    );

    it(
      `${transport}: another token's cursor leads nowhere that its own may not`,
      LIMIT,
      async () => {
        await using alice = await rawAtRoot(await gateway(), transport);
        await using bob = await rawAtRoot(await gateway(), transport, {
          token: TOKENS.bob,
        });
        const [list] = LISTS as [List];
        const his = await pages(bob, list);
        const servers = Object.keys(SIZES).filter((name) => name !== "ant");
        assert.deepEqual(his.names.flat(), union(list.name, servers));
        const { cursors } = await pages(alice, list);
        const refused: string[] = [];
        for (const [index, cursor] of cursors.entries()) {
          const asked = request(`stolen ${index}`, list.method, { cursor });
          const { message } = await bob.ask(asked);
          assert.doesNotMatch(JSON.stringify(message.result ?? {}), /ant__/);
          if (message.error?.code === -32602) refused.push(cursor);
        }
        assert.equal(refused.length, 3, "those into the list of ant");
      },
    );

    it(
      `${transport}: what is on a later page is found without a list`,
      LIMIT,
      async () => {
        await using client = await rawAtRoot(await gateway(), transport);
        const asked: readonly (readonly [string, Record<string, unknown>])[] = [
          ["resources/read", { uri: "ant://one/3" }],
          ["resources/read", { uri: "last://many-1/5" }],
          ["tools/call", { name: "ant__tool-3" }],
          ["prompts/get", { name: "last__prompt-1" }],
        ];
        const found: string[] = [];
        for (const [index, [method, params]] of asked.entries()) {
          const { message } = await client.ask(
            request(index + 1, method, params),
          );
          found.push(answererOf(message.result));
        }
        assert.deepEqual(found, ["ant", "last", "ant", "last"]);
      },
    );
  }

  for (const how of ROOT_CLIENTS) {
    it(
      `${how.sdk}, ${how.transport}: the official client reads all pages`,
      LIMIT,
      async () => {
        await using client = await officialAtRoot(await gateway(), how);
        const names: string[] = [];
        let cursor: unknown;
        do {
          const page = await client.request("tools/list", { cursor });
          const { tools, nextCursor } = page as {
            tools: { name: string }[];
            nextCursor?: string;
          };
          names.push(...tools.map(({ name }) => name));
          cursor = nextCursor;
        } while (cursor !== undefined);
        const [{ name }] = LISTS as [List];
        assert.deepEqual(names, union(name));
      },
    );
  }
});

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
