// The MCP server of the sample database: what it offers, whoever it is connected to.

import { loadServer, loadZod } from "../../deps.ts";
import type { McpServer } from "../../deps.ts";
import { Catalog } from "./catalog.ts";
import { registerDescribeTable } from "./describe_table.ts";
import { registerListTables } from "./list_tables.ts";
import { registerQuery } from "./query.ts";
import type { Statements } from "./statements.ts";

const SCHEMA_URI = "sqlite://zoo/schema";

const INSTRUCTIONS =
  "A read-only SQLite database about a zoo for software bugs: its animals (bugs) and their species, " +
  "the enclosures, the keepers, what was fed, and who escaped. It is a sample to try things out with. " +
  "Look at list_tables and describe_table first, then ask in SQL with query.";

/** Loads what a server needs; each call of the result makes one, all on the same `statements`. */
export async function databaseServers(
  version: string,
  statements: Statements,
): Promise<() => McpServer> {
  const [{ McpServer }, zod] = await Promise.all([loadServer(), loadZod()]);
  const catalog = new Catalog();
  return () => {
    const server = new McpServer({
      name: "mcp-front demo database",
      title: "Bug zoo",
      version,
    }, { instructions: INSTRUCTIONS });
    registerListTables(server, zod, catalog);
    registerDescribeTable(server, zod, catalog);
    registerQuery(server, zod, statements);
    registerSchema(server, catalog);
    registerExplore(server, catalog);
    return server;
  };
}

function registerSchema(server: McpServer, catalog: Catalog): void {
  server.registerResource("schema", SCHEMA_URI, {
    title: "Schema",
    description: "The SQL that makes the tables, views and indexes",
    mimeType: "application/sql",
  }, ({ href }) => ({
    contents: [{
      uri: href,
      mimeType: "application/sql",
      text: catalog.schema(),
    }],
  }));
}

function registerExplore(server: McpServer, catalog: Catalog): void {
  server.registerPrompt("explore", {
    title: "Explore the bug zoo",
    description: "Three questions that the database can answer, and the schema",
  }, () => ({
    messages: [{
      role: "user",
      content: { type: "text", text: exploration(catalog.schema()) },
    }],
  }));
}

function exploration(schema: string): string {
  return "Here is the schema of a SQLite database about a zoo for software bugs:\n\n" +
    `\`\`\`sql\n${schema}\`\`\`\n\n` +
    "Find out with the tool query: which species breaks out most often, which bugs are still " +
    "at large, and what the memory leaks do to the food bill. Show the SQL with each answer.";
}
