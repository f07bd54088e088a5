// At the root, the official clients find what each server offers a client of its own, and get the same results.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { EVERYTHING, MixedServers } from "../support/mixed_servers.ts";
import type { OfficialClient, Result } from "../support/official_client.ts";
import { officialAtRoot, ROOT_CLIENTS } from "../support/root_client.ts";
import type { RootClient } from "../support/root_client.ts";
import { LIMIT, sharedWorld } from "../support/world.ts";

const DOCUMENT = "demo://resource/static/document/architecture.md";
const TEMPLATE = "demo://resource/dynamic/text/{resourceId}";
const SCHEMA = "sqlite://zoo/schema";

type Call = readonly [tool: string, args?: Result];

/** Calls with the same result every time, by server. */
function callsIn(path: string): Readonly<Record<string, readonly Call[]>> {
  const file = join(path, "first.txt");
  const everything: readonly Call[] = [
    ["echo", { message: "ünï↯😀\n\u2028" }],
    ["get-sum", { a: 1e21, b: -0.5 }],
    ["get-sum", { a: "one" }],
    ["get-tiny-image"],
    ["get-annotated-message", { messageType: "error", includeImage: true }],
    ["get-structured-content", { location: "Chicago" }],
    ["get-resource-links", { count: 10 }],
    ["no-such-tool"],
  ];
  return {
    files: [
      ["list_allowed_directories"],
      ["create_directory", { path: join(path, "folder") }],
      ["read_text_file", { path: file }],
      ["read_text_file", { path: file, head: 1 }],
      ["read_multiple_files", { paths: [file, join(path, "missing.txt")] }],
      ["list_directory", { path }],
      ["list_directory_with_sizes", { path, sortBy: "size" }],
      ["directory_tree", { path }],
      ["search_files", { path, pattern: "*.txt" }],
      ["edit_file", {
        path: file,
        edits: [{ oldText: "second", newText: "2nd" }],
        dryRun: true,
      }],
      ["read_text_file", { path: join(path, "..", "outside.txt") }],
    ],
    memory: [
      ["create_entities", {
        entities: [{ name: "Ada", entityType: "who", observations: ["ünï↯"] }],
      }],
      ["create_entities", { entities: [] }],
      ["add_observations", {
        observations: [{ entityName: "nobody", contents: ["x"] }],
      }],
      ["read_graph"],
      ["search_nodes", { query: "ünï" }],
      ["open_nodes", { names: ["Ada"] }],
    ],
    database: [
      ["list_tables"],
      ["describe_table", { table: "bugs" }],
      ["describe_table", { table: "no such table" }],
      ["query", { sql: "SELECT * FROM species ORDER BY 1", max_rows: 5 }],
      ["query", { sql: "DROP TABLE species" }],
    ],
    ...Object.fromEntries(EVERYTHING.map((name) => [name, everything])),
  };
}

const PROMPTS: readonly (readonly [string, Record<string, string>?])[] = [
  ["simple-prompt"],
  ["args-prompt", { city: "Århus", state: "" }],
  ["completable-prompt", { department: "Engineering", name: "Alice" }],
];

/** What takes turns: how long a statement took. */
function withoutTimes(result: Result): Result {
  const { structuredContent } = result;
  if (structuredContent === undefined) return result;
  const { elapsed_ms: _, ...rest } = structuredContent as Result;
  return { ...result, structuredContent: rest };
}

describe("the union of all servers", () => {
  const clients = new Map<RootClient, Promise<OfficialClient>>();
  after(async () => {
    for (const client of clients.values()) {
      await (await client)[Symbol.asyncDispose]();
    }
  });
  const world = sharedWorld(() => MixedServers.start());

  /** One session each: six servers are started for it. */
  function connect(how: RootClient): Promise<OfficialClient> {
    const known = clients.get(how) ?? begin(how);
    clients.set(how, known);
    return known;
  }

  async function begin(how: RootClient): Promise<OfficialClient> {
    const { gateway, servers } = await world();
    const { roots } = servers;
    return await officialAtRoot(gateway, how, { roots });
  }

  /** What the servers list one by one, in the order of the file. */
  async function lists(
    { sdk }: RootClient,
    ask: (client: OfficialClient) => Promise<readonly unknown[]>,
    capability: string,
  ) {
    const all: (readonly [server: string, item: Result])[] = [];
    for (const [name, client] of await (await world()).servers.direct(sdk)) {
      const { capabilities } = client.server as { capabilities: Result };
      if (capabilities[capability] === undefined) continue;
      for (const item of await ask(client)) all.push([name, item as Result]);
    }
    return all;
  }

  for (const how of ROOT_CLIENTS) {
    const name = `${how.sdk}, ${how.transport}`;

    it(
      `${name}: tools and prompts are those of each, with the server's name before theirs`,
      LIMIT,
      async () => {
        const client = await connect(how);
        const tools = await lists(
          how,
          async ({ verbs }) => (await verbs.listTools()).tools,
          "tools",
        );
        assert.equal(new Set(tools.map(([server]) => server)).size, 6);
        assert.deepEqual(
          (await client.verbs.listTools()).tools,
          tools.map(prefixed),
        );
        const prompts = await lists(
          how,
          async ({ verbs }) => (await verbs.listPrompts()).prompts,
          "prompts",
        );
        assert.equal(new Set(prompts.map(([server]) => server)).size, 4);
        assert.deepEqual(
          (await client.verbs.listPrompts()).prompts,
          prompts.map(prefixed),
        );
      },
    );

    it(
      `${name}: resources and templates keep their uris, each shown once`,
      LIMIT,
      async () => {
        const client = await connect(how);
        const resources = await lists(
          how,
          async ({ verbs }) => (await verbs.listResources()).resources,
          "resources",
        );
        const shown = firstOfEach(resources, "uri");
        assert.ok(shown.length < resources.length, "several share some");
        assert.ok(shown.some(({ uri }) => uri === SCHEMA));
        assert.deepEqual((await client.verbs.listResources()).resources, shown);
        const templates = await lists(
          how,
          async ({ verbs }) =>
            (await verbs.listResourceTemplates()).resourceTemplates,
          "resources",
        );
        assert.deepEqual(
          (await client.verbs.listResourceTemplates()).resourceTemplates,
          firstOfEach(templates, "uriTemplate"),
        );
      },
    );

    it(
      `${name}: calls have the results that they have without the gateway`,
      LIMIT,
      async () => {
        const { servers } = await world();
        const client = await connect(how);
        const direct = await servers.direct(how.sdk);
        for (const [server, calls] of Object.entries(callsIn(servers.path))) {
          const own = direct.get(server) as OfficialClient;
          for (const [tool, args] of calls) {
            // The first call makes what is then there for both.
            const first = await client.callTool(`${server}__${tool}`, args);
            const second = await client.callTool(`${server}__${tool}`, args);
            const wanted = await own.callTool(tool, args);
            assert.deepEqual(
              withoutTimes(second),
              withoutTimes(wanted),
              `${server} ${tool}`,
            );
            assert.equal(first.isError, second.isError, `${server} ${tool}`);
          }
        }
      },
    );

    it(
      `${name}: prompts, resources and completions have the same results`,
      LIMIT,
      async () => {
        const { servers } = await world();
        const client = await connect(how);
        const direct = await servers.direct(how.sdk);
        for (const server of EVERYTHING) {
          const own = direct.get(server) as OfficialClient;
          for (const [prompt, args] of PROMPTS) {
            assert.deepEqual(
              await client.verbs.getPrompt({
                name: `${server}__${prompt}`,
                arguments: args,
              }),
              await own.verbs.getPrompt({ name: prompt, arguments: args }),
              `${server} ${prompt}`,
            );
          }
          const complete = (by: OfficialClient, name: string) =>
            by.verbs.complete({
              ref: { type: "ref/prompt", name },
              argument: { name: "name", value: "A" },
              context: { arguments: { department: "Engineering" } },
            });
          const completed = await complete(
            client,
            `${server}__completable-prompt`,
          );
          assert.deepEqual(completed.completion.values, ["Alice"]);
          assert.deepEqual(
            completed,
            await complete(own, "completable-prompt"),
          );
        }
        const database = direct.get("database") as OfficialClient;
        assert.deepEqual(
          await client.verbs.getPrompt({ name: "database__explore" }),
          await database.verbs.getPrompt({ name: "explore" }),
        );
        const first = direct.get(EVERYTHING[0]) as OfficialClient;
        for (
          const [uri, own] of [[DOCUMENT, first], [SCHEMA, database]] as const
        ) {
          assert.deepEqual(
            await client.verbs.readResource({ uri }),
            await own.verbs.readResource({ uri }),
            uri,
          );
        }
        const ofTemplate = (by: OfficialClient) =>
          by.verbs.complete({
            ref: { type: "ref/resource", uri: TEMPLATE },
            argument: { name: "resourceId", value: "7" },
          });
        assert.deepEqual(await ofTemplate(client), await ofTemplate(first));
      },
    );

    it(
      `${name}: what nobody offers is refused by its name`,
      LIMIT,
      async () => {
        const client = await connect(how);
        const { verbs } = client;
        for (
          const asked of [
            () => client.callTool("echo"),
            () => client.callTool("nobody__echo"),
            () => verbs.getPrompt({ name: "simple-prompt" }),
            () => verbs.readResource({ uri: "nobody://has/this" }),
          ]
        ) {
          await assert.rejects(asked, (error: { code?: unknown }) => {
            assert.equal(error.code, -32602, String(error));
            assert.match(String(error), /No server that this token may use/);
            return true;
          });
        }
      },
    );
  }
});

function prefixed([server, item]: readonly [string, Result]): Result {
  return { ...item, name: `${server}__${item.name}` };
}

function firstOfEach(
  items: readonly (readonly [string, Result])[],
  key: string,
): Result[] {
  const seen = new Set<unknown>();
  return items.map(([, item]) => item).filter((item) => {
    const isNew = !seen.has(item[key]);
    seen.add(item[key]);
    return isNew;
  });
}
