// `mcp-front demo database`: an MCP server to try the gateway with, on stdin and stdout.

import type { DemoPart } from "./arguments.ts";
import { VERSION } from "../version.ts";

/** Serves until stdin ends. */
export async function demo(part: DemoPart): Promise<void> {
  switch (part) {
    case "database": {
      const { serveDatabase } = await import("../demo/database.ts");
      return await serveDatabase(VERSION);
    }
    case "statement": {
      const { runStatement } = await import("../demo/statement.ts");
      return await runStatement();
    }
  }
}
