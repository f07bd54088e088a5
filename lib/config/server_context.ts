// What reading a server needs besides its own entry.

import type { Limits } from "../limits.ts";
import type { FoundKind } from "./auth_kind.ts";
import type { TokenTable } from "./token_table.ts";
import type { ValueContext } from "./values.ts";

/** The surroundings of the servers of one file. */
export interface ServerContext extends ValueContext {
  readonly tokens: TokenTable;
  readonly auth: FoundKind;
  readonly limits: Limits;
  /** The folder of the file, absolute. */
  readonly directory: string;
  /** As `process.platform` has it. */
  readonly platform: string;
}
