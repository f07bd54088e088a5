// Which servers are connected to, each as which token.

import type { Config, ServerConfig } from "../../../mod.ts";
import { CALLER } from "./without_oauth.ts";
import { hasExpired } from "../../auth/token.ts";
import { momentText } from "../../moment.ts";
import { isOpenToOAuth } from "../connect/logs_in.ts";
import { checkTokenName } from "../known_names.ts";

/** A server that is connected to as a token that may use it. */
export interface Visit {
  readonly kind: "visit";
  readonly server: ServerConfig;
  /** The token's name, or `CALLER`. */
  readonly token: string;
}

/** A server that is left alone, as the token may not use it. */
export interface Omission {
  readonly kind: "omission";
  readonly server: ServerConfig;
  /** The token's name; absent where no token may use the server. */
  readonly token?: string;
  /** The rule that keeps it out, in words. */
  readonly rule: string;
}

/**
 * What to do with each server, in the order of the file. Without a token's name each
 * server is visited as the first valid token that may use it, or as one that comes by OAuth. Throws a `CommandError` for a
 * name that is none.
 */
export function plan(
  config: Config,
  file: string,
  token: string | undefined,
): (Visit | Omission)[] {
  if (token !== undefined) checkTokenName(token, config.tokens, file);
  return config.servers.map((server) => planned(server, config, token));
}

function planned(
  server: ServerConfig,
  { tokens, oauth }: Config,
  wanted: string | undefined,
): Visit | Omission {
  const { name, authTokens } = server;
  const usable = authTokens ?? [...tokens.keys()];
  const isForCallers = oauth !== undefined && isOpenToOAuth(server);
  if (wanted === undefined && usable.length === 0 && isForCallers) {
    return { kind: "visit", server, token: CALLER };
  }
  const isOver = (one: string) => {
    const token = tokens.get(one);
    return token !== undefined && hasExpired(token);
  };
  const token = wanted ?? usable.find((one) => !isOver(one)) ?? usable[0];
  if (token === undefined || !usable.includes(token)) {
    const rule = `authTokens of server "${name}" ` +
      (token === undefined ? "lists no token" : `does not list "${token}"`);
    return { kind: "omission", server, token, rule };
  }
  const { expires } = tokens.get(token) ?? {};
  if (expires === undefined || !isOver(token)) {
    return { kind: "visit", server, token };
  }
  const rule = `token "${token}" was valid until ${momentText(expires)}`;
  return { kind: "omission", server, token, rule };
}
