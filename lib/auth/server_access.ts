// What a server's own entry says about who may use what of it.

import type { PatternList } from "./scope.ts";

/** Which tools of a server any token may use. */
export interface ToolFilter {
  /** Whether the list has the tools that stay, or those that go. */
  readonly mode: "allow" | "deny";
  /** By name. */
  readonly tools: PatternList;
}

/** Who may use a server. */
export interface ServerAccess {
  /** The token names that may use it; absent: every valid token. */
  readonly authTokens?: readonly string[];
  /** The scopes that an access token needs, all of them; they say nothing of static tokens. */
  readonly authScopes?: readonly string[];
  /** The groups of which a caller with an access token is in one; they say nothing of static tokens. */
  readonly authGroups?: readonly string[];
  /** For every token; absent: all tools. */
  readonly toolFilter?: ToolFilter;
  /** The line of `authTokens`, else of the server, from 1; absent where there is no file. */
  readonly line?: number;
}
