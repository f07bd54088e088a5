// The tool `list_tables`.

import type { McpServer, ZodLibrary } from "../../deps.ts";
import type { Catalog } from "./catalog.ts";
import { markdownTable } from "./markdown_table.ts";
import { ANNOTATIONS, success } from "./tool_result.ts";

/** Registers the tool. */
export function registerListTables(
  server: McpServer,
  { z }: ZodLibrary,
  catalog: Catalog,
): void {
  const table = z.object({
    name: z.string(),
    kind: z.enum(["table", "view"]),
    rows: z.number(),
    about: z.string(),
  });
  server.registerTool("list_tables", {
    title: "List tables",
    description:
      "Lists the tables and views of the database, with what each is for and how many rows it has.",
    inputSchema: z.object({}),
    outputSchema: z.object({ tables: z.array(table) }),
    annotations: ANNOTATIONS,
  }, () => {
    const tables = catalog.tables();
    const rows = tables.map(({ name, kind, rows, about }) => [
      name,
      kind,
      rows,
      about,
    ]);
    const text = markdownTable(["name", "kind", "rows", "about"], rows);
    return success({ tables }, text);
  });
}
