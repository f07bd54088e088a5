// The demo database inside the executable, alone and behind the gateway.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { connectOfficial, SDKS } from "../support/connect_official.ts";
import { DatabaseProcess } from "../support/database_process.ts";
import { ENDLESS_SQL } from "../support/endless_sql.ts";
import { startGateway } from "../support/gateway_process.ts";
import { ended } from "../support/running.ts";
import { configWith, DEV_TOKEN } from "../support/simple_config.ts";
import { firstStatementOf } from "../support/statement_processes.ts";

const DATABASE = {
  database: { command: "mcp-front", args: ["demo", "database"] },
};

describe("the demo database of the executable", () => {
  it("runs statements, and ends with its input", async () => {
    await using database = await DatabaseProcess.start("binary");
    database.query(1, { sql: "SELECT count(*) AS bugs FROM bugs" });
    const { result } = await database.answer(1);
    const { rows } = result?.structuredContent as { rows: unknown };
    assert.deepEqual(rows, [[38]]);
    database.query(2, { sql: ENDLESS_SQL });
    const statement = await firstStatementOf(database.pid);
    database.child.stdin.end();
    assert.deepEqual(await database.ended, { code: 0, signal: null });
    await ended(statement);
    assert.equal(database.errors, "");
  });

  for (const sdk of SDKS) {
    for (const transport of ["streamable-http", "sse"] as const) {
      it(`answers through the gateway (${sdk}, ${transport})`, async () => {
        await using gateway = await startGateway({
          config: configWith(DATABASE),
        });
        const path = transport === "sse" ? "sse" : "mcp";
        const url = `${gateway.url}/database/${path}`;
        const target = { transport, url, token: DEV_TOKEN };
        await using client = await connectOfficial(sdk, target);
        const result = await client.callTool("query", {
          sql: "SELECT bug FROM at_large ORDER BY bug",
        });
        const { rows } = result.structuredContent as { rows: unknown };
        assert.deepEqual(rows, [["Both"], ["Breakpoint"], ["Optional"]]);
      });
    }
  }

  it("leaves no statement when the session ends", async () => {
    await using gateway = await startGateway({ config: configWith(DATABASE) });
    const url = `${gateway.url}/database/mcp`;
    const client = await connectOfficial("v2", {
      transport: "streamable-http",
      url,
      token: DEV_TOKEN,
    });
    const { pid } = await gateway.logged("Backend started");
    const call = client.callTool("query", { sql: ENDLESS_SQL });
    const statement = await firstStatementOf(pid as number);
    await Promise.all([client[Symbol.asyncDispose](), assert.rejects(call)]);
    await ended(statement);
    await ended(pid as number);
  });
});
