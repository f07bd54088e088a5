// The tools of the demo database, used by the official clients.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { connectOfficial } from "../support/connect_official.ts";
import type { OfficialClient, Result } from "../support/official_client.ts";
import { THIS_RUNTIME } from "../support/database_process.ts";
import { ENDLESS_SQL } from "../support/endless_sql.ts";
import { commandOf } from "../support/program.ts";

const [COMMAND, ...ARGS] = commandOf(THIS_RUNTIME);
const TARGET = {
  transport: "stdio",
  command: COMMAND,
  args: [...ARGS, "demo", "database"],
} as const;

const CLIENTS = [
  { sdk: "v1" },
  { sdk: "v2", negotiation: "legacy" },
  { sdk: "v2", negotiation: "auto" },
] as const;

function connect(
  { sdk, ...options }: typeof CLIENTS[number] = { sdk: "v1" },
): Promise<OfficialClient> {
  return connectOfficial(sdk, TARGET, options);
}

function textOf(result: Result): string {
  const [content] = result.content as [{ text: string }];
  return content.text;
}

for (const client of CLIENTS) {
  const name = Object.values(client).join(", ");
  describe(`the demo database, asked by a client (${name})`, () => {
    it("says what it is", async () => {
      await using session = await connect(client);
      const { info, instructions } = session.server as Record<string, Result>;
      assert.equal(info?.name, "mcp-front demo database");
      assert.match(String(info?.version), /^\d+\.\d+\.\d+/);
      assert.match(String(instructions), /read-only SQLite database/);
      if (client.sdk === "v2") {
        const era = client.negotiation === "auto" ? "modern" : "legacy";
        assert.equal(session.era, era);
      }
    });

    it("has three tools that only read", async () => {
      await using session = await connect(client);
      const { tools } = await session.verbs.listTools();
      const names = tools.map((tool) => tool.name);
      assert.deepEqual(names, ["list_tables", "describe_table", "query"]);
      for (const { annotations, outputSchema } of tools) {
        assert.equal(annotations?.readOnlyHint, true);
        assert.equal(annotations?.openWorldHint, false);
        assert.equal(outputSchema?.type, "object");
      }
    });

    it("answers a query with data and with a table to read", async () => {
      await using session = await connect(client);
      const result = await session.callTool("query", {
        sql: "SELECT name, danger FROM species ORDER BY 2 DESC, 1 LIMIT 2",
      });
      const { elapsed_ms, ...data } = result.structuredContent as Result;
      assert.equal(typeof elapsed_ms, "number");
      assert.deepEqual(data, {
        columns: ["name", "danger"],
        rows: [["Cache bug", 5], ["Race condition", 5]],
        row_count: 2,
        more_rows: false,
      });
      assert.equal(
        textOf(result),
        [
          "| name           | danger |",
          "| -------------- | -----: |",
          "| Cache bug      |      5 |",
          "| Race condition |      5 |",
          "",
          "2 rows",
        ].join("\n"),
      );
    });
  });
}

describe("the demo database", () => {
  it("lists its tables and describes each of them", async () => {
    await using session = await connect();
    const list = await session.callTool("list_tables");
    const { tables } = list.structuredContent as {
      tables: { name: string; kind: string; rows: number; about: string }[];
    };
    assert.equal(tables.length, 8);
    for (const { name, kind, rows, about } of tables) {
      assert.ok(rows > 0 && about.endsWith("."), name);
      const table = await session.callTool("describe_table", { table: name });
      const data = table.structuredContent as Record<string, unknown[]>;
      assert.deepEqual([data.name, data.kind, data.rows, data.about], [
        name,
        kind,
        rows,
        about,
      ]);
      assert.equal(data.first_rows?.length, 3);
      assert.match(textOf(table), new RegExp(`^${kind} ${name}, ${rows} rows`));
    }
  });

  it("describes keys and indexes", async () => {
    await using session = await connect();
    const result = await session.callTool("describe_table", { table: "BUGS" });
    const { columns, indexes } = result.structuredContent as {
      columns: { name: string }[];
      indexes: { name: string }[];
    };
    assert.deepEqual(columns.find(({ name }) => name === "species_id"), {
      name: "species_id",
      type: "INTEGER",
      nullable: false,
      primary_key: 0,
      references: "species.species_id",
    });
    assert.deepEqual(indexes.find(({ name }) => name === "bugs_by_species"), {
      name: "bugs_by_species",
      unique: false,
      columns: ["species_id"],
    });
  });

  it("says which tables there are when one is not there", async () => {
    await using session = await connect();
    const table = 'bug"; DROP TABLE bugs; --';
    const result = await session.callTool("describe_table", { table });
    assert.equal(result.isError, true);
    assert.match(textOf(result), /There are: enclosures, species, keepers/);
  });

  it("says that there are more rows", async () => {
    await using session = await connect();
    const sql = "SELECT * FROM feedings";
    const byDefault = await session.callTool("query", { sql });
    const ten = await session.callTool("query", { sql, max_rows: 10 });
    for (const [result, count] of [[byDefault, 100], [ten, 10]] as const) {
      const data = result.structuredContent as Result;
      assert.deepEqual([data.row_count, data.more_rows], [count, true]);
      assert.match(textOf(result), /there are more: raise max_rows/);
    }
  });

  it("makes an error of the tool of what is wrong with a statement, with what to do", async () => {
    await using session = await connect();
    const cases: readonly [Result, RegExp][] = [
      [{ sql: "SELECT * FROM features" }, /no such table.*list_tables/],
      [{ sql: "SELECT color FROM bugs" }, /no such column.*describe_table/],
      [{ sql: "DROP TABLE bugs" }, /Only statements that read/],
      [{ sql: ENDLESS_SQL, timeout_ms: 500 }, /longer than its limit of 500/],
      [{ sql: "SELECT 1", max_rows: 0 }, /max_rows/],
      [{ sql: "SELECT 1", timeout_ms: 60_000 }, /timeout_ms/],
    ];
    for (const [args, message] of cases) {
      const result = await session.callTool("query", args);
      assert.equal(result.isError, true);
      assert.match(textOf(result), message);
    }
  });

  it("has its schema as a resource and in a prompt", async () => {
    await using session = await connect();
    const { resources } = await session.verbs.listResources();
    const uri = resources[0]?.uri as string;
    const { contents } = await session.verbs.readResource({ uri });
    const [{ text: schema } = {}] = contents as { text?: string }[];
    assert.match(String(schema), /^CREATE TABLE enclosures \(/);
    const { prompts } = await session.verbs.listPrompts();
    const name = prompts[0]?.name as string;
    const { messages } = await session.verbs.getPrompt({ name });
    assert.ok(
      JSON.stringify(messages).includes(JSON.stringify(schema).slice(1, -1)),
    );
  });
});
