// What to put into clients, for programs.

import type { Connection } from "./connection_text.ts";
import { TOKEN_VARIABLE } from "./token_variable.ts";

/** The connection as indented JSON; `server` is `null` for all of them, `token` where clients log in by OAuth. */
export function connectionJson(
  { server, token, entry, clients }: Connection,
  file: string,
): string {
  const whole = {
    config: file,
    server: server ?? null,
    token: token?.name ?? null,
    variable: token === undefined ? null : TOKEN_VARIABLE,
    name: entry.name,
    url: entry.url,
    clients,
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}
