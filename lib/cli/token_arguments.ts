// What was typed after `mcp-front token`. None of it is ever repeated: it may be a secret by mistake.

import { CommandError, EXIT_CODES } from "./command_error.ts";

/** What to do about tokens. */
export type TokenOptions =
  | {
    readonly part: "new";
    /** Under which it is to stand in the file. */
    readonly name?: string;
    /** Whether its line has the hash or the token itself. */
    readonly form: "hash" | "plain";
  }
  | { readonly part: "hash" };

/** Reads the words after `token`. Throws a `CommandError`. */
export function tokenArguments(
  [part, ...others]: readonly string[],
  plain: boolean | undefined,
): TokenOptions {
  if (part === "new") {
    if (others.length > 1) {
      throw wrong(
        "mcp-front token new takes one name at the most",
        "write mcp-front token new NAME; a name with spaces in quotes",
      );
    }
    return { part, name: others[0], form: plain ? "plain" : "hash" };
  }
  if (part !== "hash") {
    throw wrong(
      "what to do about tokens?",
      "write mcp-front token new or mcp-front token hash",
    );
  }
  if (plain) {
    throw wrong(
      "mcp-front token hash has no option -plain",
      "it goes with mcp-front token new",
    );
  }
  if (others.length > 0) {
    throw wrong(
      "mcp-front token hash takes no token as an argument: others would see it",
      "let it read the token: mcp-front token hash < FILE",
    );
  }
  return { part };
}

/** For an option that does not exist: a token may begin with a dash. */
export function noSuchTokenOption(): CommandError {
  return wrong("mcp-front token has no such option");
}

function wrong(message: string, hint?: string): CommandError {
  return new CommandError(
    message,
    hint ?? "mcp-front -help shows what there is",
    EXIT_CODES.usage,
  );
}
