// What reading a server needs besides its own entry.

import type { Limits } from "../limits.ts";
import type { Report } from "./report.ts";
import type { TokenTable } from "./token_table.ts";
import type { Environment } from "./values.ts";

/** The surroundings of the servers of one file. */
export interface ServerContext {
  readonly report: Report;
  readonly tokens: TokenTable;
  readonly limits: Limits;
  /** The folder of the file, absolute. */
  readonly directory: string;
  readonly environment: Environment;
  /** As `process.platform` has it. */
  readonly platform: string;
}
