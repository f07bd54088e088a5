// What is printed once the gateway is before a command: the token, and lines to paste.

import { VERSION } from "../../version.ts";
import { clientFor } from "../connect/clients.ts";
import type { ClientName } from "../connect/client_names.ts";
import { entryOf } from "../connect/entry.ts";
import { sectionsOf } from "../connect/connection_text.ts";
import { TOKEN_VARIABLE } from "../connect/token_variable.ts";
import { curlLine } from "../curl_line.ts";
import { rootUrl } from "../endpoint_urls.ts";
import type { Palette } from "../palette.ts";

/** The clients that are told of; `mcp-front connect` knows more. */
const CLIENTS: readonly ClientName[] = [
  "claude-code",
  "cursor",
  "vscode",
  "codex",
];

/** What stands before what. */
export interface Fronted {
  /** The name of the server, which can stand in a url. */
  readonly name: string;
  /** Where the gateway listens, without a slash at the end. */
  readonly url: string;
  /** The token itself. */
  readonly token: string;
}

/** The block for stdout; the token is in one line of it. */
export function frontBlock(
  { name, url, token }: Fronted,
  paint: Palette,
): string {
  const endpoint = rootUrl(url);
  const title =
    `mcp-front ${VERSION}: "${name}" is at ${endpoint} until this ` +
    "program ends (Ctrl-C)";
  const clients = CLIENTS.map((client) => {
    const known = clientFor(client, { ...entryOf(name, url), url: endpoint });
    return { ...known, snippets: [known.snippets[0]] as const };
  });
  const first = `\
${paint("strong", title)}

The token is new, and is shown only this once. In another terminal:

export ${TOKEN_VARIABLE}=${token}
${curlLine(endpoint)}
`;
  return [first, ...sectionsOf(clients, paint)].join("\n") + "\n";
}
