// The documented development set-up with what it is about: a PostgreSQL, and a published MCP server that queries it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { SDKS } from "../support/connect_official.ts";
import {
  connectToDatabase,
  DOCUMENTED_DATABASE,
  exampleWith,
  startDatabaseGateway,
  TOKENS,
} from "../support/database_gateway.ts";
import type { GatewayProcess } from "../support/gateway_process.ts";
import { Postgresql } from "../support/postgresql.ts";
import {
  POSTGRESQL_MCP_ARGS,
  servePostgresqlMcp,
} from "../support/postgresql_mcp_server.ts";
import { findPostgresql } from "../support/postgresql_programs.ts";
import type { PostgresqlPrograms } from "../support/postgresql_programs.ts";
import { ROOT } from "../support/program.ts";
import { SecretWords } from "../support/secret_words.ts";

const found = findPostgresql();
const skip = "missing" in found ? found.missing : false;
if (skip) console.error(`SKIPPED: every test with PostgreSQL. ${skip}`);
const LIMIT = { timeout: 60_000, skip };

const ROWS = [
  { id: 1, title: "Læsebog ↯😀", price: "12.50" },
  { id: 2, title: `'quoted'; -- "and" more`, price: null },
];
const SELECT = "SELECT id, title, price FROM book ORDER BY id";
const STATEMENTS = [
  "CREATE TABLE book (id int PRIMARY KEY, title text NOT NULL, price numeric)",
  ...ROWS.map(({ id, title, price }) =>
    `INSERT INTO book VALUES (${id}, $t$${title}$t$, ${price})`
  ),
];

describe("PostgreSQL behind the gateway", () => {
  const postgresql = shared(() => {
    const { programs } = found as { readonly programs: PostgresqlPrograms };
    return Postgresql.start(programs, STATEMENTS);
  });

  describe("over stdio", () => {
    const gateway = shared(async () => {
      const { url: _, ...entry } = DOCUMENTED_DATABASE;
      const stdio = { command: "node", args: POSTGRESQL_MCP_ARGS };
      const config = exampleWith({ ...stdio, ...entry });
      return await startDatabaseGateway(config, (await postgresql()).url);
    });
    answersAsTheServerDoes(gateway, postgresql);
  });

  describe("over SSE", () => {
    const server = shared(async () => {
      const { server, url } = await servePostgresqlMcp(
        (await postgresql()).url,
      );
      return {
        url,
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
    });
    const gateway = shared(async () => {
      const { url } = await server();
      const config = exampleWith({ ...DOCUMENTED_DATABASE, url });
      return await startDatabaseGateway(config, (await postgresql()).url);
    });
    answersAsTheServerDoes(gateway, postgresql);

    it(
      "says that the env of the example has no effect there",
      LIMIT,
      async () => {
        assert.match((await gateway()).logs(), /database\.env.*has no effect/);
      },
    );
  });

  describe("by the entry that stands in config.dev.jsonc as a comment", () => {
    const gateway = shared(async () => {
      const text = readFileSync(join(ROOT, "config.dev.jsonc"), "utf8");
      const { url } = await postgresql();
      return await startDatabaseGateway(withItsPostgresql(text), url);
    });

    it("reads rows and writes none", LIMIT, async () => {
      await using client = await connectToDatabase(await gateway());
      const read = await client.callTool("query", { sql: SELECT });
      assert.deepEqual(contentOf(read).rows, ROWS);
      const sql = "DELETE FROM book";
      const written = await client.callTool("execute", { sql });
      assert.equal(written.isError, true);
    });
  });
});

/** Call it in a `describe`: what holds whatever the transport behind the gateway. */
function answersAsTheServerDoes(
  gateway: () => Promise<GatewayProcess>,
  postgresql: () => Promise<Postgresql>,
): void {
  for (const sdk of SDKS) {
    for (const transport of ["sse", "streamable-http"] as const) {
      it(
        `${sdk}-${transport}: lists its tools and reads rows`,
        LIMIT,
        async () => {
          const how = { sdk, transport };
          await using client = await connectToDatabase(await gateway(), how);
          const { tools } = await client.verbs.listTools();
          const names = tools.map(({ name }) => name).sort();
          assert.deepEqual(names, TOOLS);
          const all = await client.callTool("query", { sql: SELECT });
          assert.deepEqual(contentOf(all).rows, ROWS);
          const sql = "SELECT title FROM book WHERE id = $1";
          const one = await client.callTool("query", { sql, params: [2] });
          assert.deepEqual(contentOf(one).rows, [{ title: ROWS[1]?.title }]);
        },
      );
    }
  }

  it("serves the token test as well", LIMIT, async () => {
    const how = { token: "TEST_TOKEN" } as const;
    await using client = await connectToDatabase(await gateway(), how);
    const tables = await client.callTool("list_tables");
    assert.deepEqual(contentOf(tables), { tables: ["book"] });
  });

  it("refuses a token that authTokens does not list", LIMIT, async () => {
    for (const transport of ["sse", "streamable-http"] as const) {
      const how = { transport, token: "OTHER_TOKEN" } as const;
      await assert.rejects(connectToDatabase(await gateway(), how));
      const path = `/database/${transport === "sse" ? "sse" : "mcp"}`;
      const who = { token_name: "other", path, status: 401 };
      await (await gateway()).logged("Request refused", who);
    }
  });

  it("passes on that the server refuses to write", LIMIT, async () => {
    await using client = await connectToDatabase(await gateway());
    const sql = "DELETE FROM book";
    const executed = await client.callTool("execute", { sql });
    assert.equal(executed.isError, true);
    assert.match(String(contentOf(executed).message), /PG_ALLOW_WRITE=true/);
    const queried = await client.callTool("query", { sql });
    assert.equal(queried.isError, true);
    assert.equal(contentOf(queried).code, "25006");
    const all = await client.callTool("query", { sql: SELECT });
    assert.deepEqual(contentOf(all).rows, ROWS);
  });

  it("passes on the database's own words about wrong SQL", LIMIT, async () => {
    await using client = await connectToDatabase(await gateway());
    const failed = await client.callTool("query", { sql: "SELECT * FROM nil" });
    assert.equal(failed.isError, true);
    const { message, code } = contentOf(failed);
    assert.equal(message, 'relation "nil" does not exist');
    assert.equal(code, "42P01");
  });

  it("logs neither the password nor a token", LIMIT, async () => {
    {
      await using client = await connectToDatabase(await gateway());
      await client.callTool("query", { sql: SELECT });
    }
    await (await gateway()).logged("Session closed");
    const words = new SecretWords();
    words.add("password of the database", (await postgresql()).password);
    for (const [name, value] of Object.entries(TOKENS)) words.add(name, value);
    const logs = (await gateway()).logs();
    assert.match(logs, /"token_name":"dev","server":"database"/);
    words.assertAbsent(logs, "the log");
  });
}

const TOOLS = [
  "describe_table",
  "execute",
  "list_schemas",
  "list_tables",
  "query",
];

/** Call it in a `describe`: its tests share what the first of them starts. */
function shared<T extends AsyncDisposable>(
  begin: () => Promise<T>,
): () => Promise<T> {
  let begun: Promise<T> | undefined;
  after(async () => await (await begun)?.[Symbol.asyncDispose]());
  return () => begun ??= begin();
}

/** A configuration on a free port, with no server but the `database` that stands in it as a comment. */
function withItsPostgresql(text: string): string {
  const [entry] = text.match(/^ *\/\/ "database": \{$[^]*?^ *\/\/ \},$/m) ?? [];
  assert.ok(entry, "it has no server database in a comment");
  const [before] = text.split(/(?<="mcpServers": \{)/);
  return `${before}\n${entry.replaceAll(/^ *\/\/ /gm, "")}\n}}`
    .replace('"127.0.0.1:8080"', '"127.0.0.1:0"');
}

/** What the server said, which is JSON. */
function contentOf(
  { content }: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const [{ text }] = content as [{ readonly text: string }];
  return JSON.parse(text);
}
