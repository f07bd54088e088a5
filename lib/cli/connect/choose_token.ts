// With which token a client connects.

import { hasExpired } from "../../auth/token.ts";
import type { AccessRules } from "../../config/access_rules.ts";
import { CommandError, EXIT_CODES } from "../command_error.ts";
import { checkServerName, checkTokenName } from "../known_names.ts";
import { refuseOpenRules } from "../refuse_open_rules.ts";

/** What a client is to use. */
export interface Wish {
  /** The config file. */
  readonly file: string;
  /** The only server; absent: all that the token may use. */
  readonly server?: string;
  /** The token's name; absent: any that will do. */
  readonly token?: string;
}

/**
 * The name of the token, by default the first valid one of the file that may use what is wanted. Throws a
 * `CommandError` for a name that is none, for a token that may not use it, and where none may.
 */
export function chooseToken(
  { file, server, token }: Wish,
  rules: AccessRules,
): string {
  const { tokens, servers, expiries } = rules;
  if (token !== undefined) checkTokenName(token, tokens, file);
  if (server !== undefined) checkServerName(server, servers.keys(), file);
  const wanted = [...servers]
    .filter(([name]) => name === (server ?? name))
    .map(([, access]) => access);
  const candidates = token === undefined ? [...tokens.keys()] : [token];
  const usable = candidates.filter((candidate) =>
    wanted.some(({ authTokens }) => authTokens?.includes(candidate) ?? true)
  );
  const isOver = (name: string) => hasExpired({ expires: expiries.get(name) });
  const found = usable.find((name) => !isOver(name)) ?? usable[0];
  if (found !== undefined) return found;
  refuseOpenRules(rules, file);
  const who = token === undefined ? "no token may" : `token "${token}" may not`;
  throw new CommandError(
    server === undefined
      ? `${who} use any server of ${file}`
      : `${who} use server "${server}"`,
    hintFor(token, server, wanted.flatMap((one) => one.authTokens ?? [])),
    EXIT_CODES.usage,
  );
}

function hintFor(
  token: string | undefined,
  server: string | undefined,
  listed: readonly string[],
): string {
  const place = server === undefined
    ? "the authTokens of a server"
    : `authTokens of server "${server}"`;
  if (listed.length === 0) return `write the name of a token into ${place}`;
  const others = [...new Set(listed)].join(", ");
  return `write ${
    JSON.stringify(token)
  } into ${place}, or name one of: ${others}`;
}
