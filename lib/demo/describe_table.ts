// The tool `describe_table`.

import type { McpServer, ZodLibrary } from "../../deps.ts";
import type { Catalog, TableDescription } from "./catalog.ts";
import { markdownTable } from "./markdown_table.ts";
import { ANNOTATIONS, failure, success } from "./tool_result.ts";

const MAX_NAME_LENGTH = 200;

/** Registers the tool. */
export function registerDescribeTable(
  server: McpServer,
  library: ZodLibrary,
  catalog: Catalog,
): void {
  const { z } = library;
  server.registerTool("describe_table", {
    title: "Describe a table",
    description:
      "Describes one table or view: its columns with their types and keys, its indexes, its first rows and the SQL that made it.",
    inputSchema: z.object({
      table: z.string().max(MAX_NAME_LENGTH)
        .describe("The name of a table or view, as in list_tables"),
    }),
    outputSchema: descriptionSchema(library),
    annotations: ANNOTATIONS,
  }, ({ table }) => {
    const description = catalog.describe(table);
    if (description) return success(description, asText(description));
    const names = catalog.tables().map(({ name }) => name);
    return failure(
      `There is no table or view "${table}". There are: ${names.join(", ")}`,
    );
  });
}

function descriptionSchema({ z }: ZodLibrary) {
  const cell = z.union([z.string(), z.number(), z.null()]);
  const column = z.object({
    name: z.string(),
    type: z.string(),
    nullable: z.boolean(),
    primary_key: z.number().describe(
      "Its place in the primary key, from 1; 0 where it is not part of it",
    ),
    references: z.string().optional().describe(
      "The table.column it is a foreign key to",
    ),
  });
  const index = z.object({
    name: z.string(),
    unique: z.boolean(),
    columns: z.array(z.string()),
  });
  return z.object({
    name: z.string(),
    kind: z.enum(["table", "view"]),
    rows: z.number(),
    about: z.string(),
    columns: z.array(column),
    indexes: z.array(index),
    first_rows: z.array(z.array(cell)),
    sql: z.string(),
  });
}

function asText(table: TableDescription): string {
  const columns = table.columns.map((column) => [
    column.name,
    column.type,
    column.nullable ? "yes" : "no",
    keyOf(column),
  ]);
  const indexes = table.indexes.map((index) =>
    `- ${index.name} (${index.columns.join(", ")})${
      index.unique ? ", unique" : ""
    }`
  );
  const names = table.columns.map(({ name }) => name);
  const parts = [
    `${table.kind} ${table.name}, ${table.rows} rows: ${table.about}`,
    markdownTable(["column", "type", "nullable", "key"], columns),
    ...(indexes.length > 0 ? [`Indexes:\n${indexes.join("\n")}`] : []),
    `The first rows:\n\n${markdownTable(names, table.first_rows)}`,
  ];
  return parts.join("\n\n");
}

function keyOf(
  { primary_key, references }: TableDescription["columns"][number],
): string {
  if (primary_key > 0) return "primary key";
  return references ? `to ${references}` : "";
}
