// The gateway of one run of a command: the configuration of the file, with one token that nobody else has.

import { Secret } from "../../../mod.ts";
import type { Config, Narrowing, TokenScope } from "../../../mod.ts";
import { hasExpired, tokenOf } from "../../auth/token.ts";
import type { LoadedWithoutTokens } from "../../config/load.ts";
import { momentText } from "../../moment.ts";
import { newPass } from "../check/passes.ts";
import { CommandError, EXIT_CODES } from "../command_error.ts";
import { checkTokenName } from "../known_names.ts";

/** Whom the log names where the command has the rights of no token of the file: none of these has this name. */
export const OPERATOR = "(exec)";

/** What the command comes in with, and to what. */
export interface Entry {
  /** In which the token is the only one, the address a free port of this machine, and nothing is said of where else the gateway is. */
  readonly config: Config;
  /** The token's name. */
  readonly name: string;
  readonly credential: Secret;
}

/** With whose rights the command runs. */
export interface Rights {
  /** The name of a token of the file; absent: those of who can read the file, which are all. */
  readonly token?: string;
  /** What is left of them; absent: everything. */
  readonly only?: Narrowing;
}

/** Makes a new token. Throws a `CommandError` where the one that was named does not exist, or has expired. */
export function entryFor(
  { config, rules }: Pick<LoadedWithoutTokens, "config" | "rules">,
  { token, only }: Rights,
  file: string,
): Entry {
  if (token !== undefined) checkTokenName(token, rules.tokens, file);
  const expires = rules.expiries.get(token ?? "");
  if (expires && hasExpired({ expires })) throw over(token ?? "", expires);
  const name = token ?? OPERATOR;
  const pass = newPass();
  const scope = scopeOf(config.scopes.get(token ?? ""), only);
  return {
    name,
    credential: new Secret(pass),
    config: {
      ...config,
      baseUrl: undefined,
      oauth: undefined,
      tls: undefined,
      address: { hostname: "127.0.0.1", port: 0 },
      tokens: new Map([[name, { ...tokenOf(pass), expires }]]),
      scopes: new Map([[name, scope]]),
      servers: token === undefined
        ? config.servers.map((one) => ({ ...one, authTokens: undefined }))
        : config.servers,
    },
  };
}

function scopeOf(
  own: TokenScope | undefined,
  only: Narrowing | undefined,
): TokenScope {
  return { servers: new Map(), ...own, ...(only && { only }) };
}

function over(name: string, expires: Date): CommandError {
  return new CommandError(
    `token "${name}" was valid until ${momentText(expires)}`,
    "name another token, or give it a later end",
    EXIT_CODES.usage,
  );
}
