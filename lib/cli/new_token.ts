// `mcp-front token new`: a strong token, and its line for the configuration.

import { hashText } from "../config/token_hash.ts";
import { isTokenName } from "../config/token_rules.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import type { ExitCode } from "./command_error.ts";
import { makeToken } from "./make_token.ts";
import { print } from "./print.ts";
import type { TokenOptions } from "./token_arguments.ts";

/** Prints the token, the line and what to do with both. Throws a `CommandError` for a name that is none. */
export async function newToken(
  { name = "NAME", form }: Extract<TokenOptions, { part: "new" }>,
): Promise<ExitCode> {
  if (!isTokenName(name)) {
    throw new CommandError(
      "a token's name has 1 to 64 printable characters",
      "write mcp-front token new NAME, such as mcp-front token new ci",
      EXIT_CODES.usage,
    );
  }
  const token = makeToken();
  const text = form === "plain" ? plain(name, token) : hashed(name, token);
  await print("stdout", text);
  return EXIT_CODES.done;
}

function hashed(name: string, token: string): string {
  return `\
A new token. It is shown only this once; the configuration has its hash:

    ${token}

What to do next: put this line into "tokens" in the configuration,

    ${lineOf(name, hashText(token))}

start the gateway again, and have the client send the header
Authorization: Bearer TOKEN
`;
}

function plain(name: string, token: string): string {
  return `\
A new token, in its line for "tokens" in the configuration:

    ${lineOf(name, token)}

What to do next: put it there, let nobody but its owner read that file, start
the gateway again, and have the client send the header
Authorization: Bearer TOKEN
`;
}

function lineOf(name: string, value: string): string {
  return `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
}
