// `mcp-front connect`: what to put into the configuration of a client.

import type { CallerRules } from "../auth/oauth/options.ts";
import type { AccessRules } from "../config/access_rules.ts";
import type { Entrance } from "../config/entrance.ts";
import { localUrl } from "./address_text.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import type { ExitCode } from "./command_error.ts";
import { configFile } from "./config_file.ts";
import { chooseToken } from "./connect/choose_token.ts";
import type { Wish } from "./connect/choose_token.ts";
import { clientFor, clientsFor } from "./connect/clients.ts";
import { connectionJson } from "./connect/connection_json.ts";
import {
  connectionText,
  directions,
  snippetAlone,
} from "./connect/connection_text.ts";
import { entryOf } from "./connect/entry.ts";
import { logsIn } from "./connect/logs_in.ts";
import { namedToken } from "./connect/token_variable.ts";
import type { NamedToken } from "./connect/token_variable.ts";
import { publicUrl } from "./endpoint_urls.ts";
import { checkClientName } from "./known_names.ts";
import { entranceOrExplain } from "./load_or_explain.ts";
import { palette } from "./palette.ts";
import { print } from "./print.ts";
import { printProblems } from "./print_problems.ts";
import type { Surroundings } from "./surroundings.ts";

/** What is to be connected to what. */
export interface ConnectOptions {
  /** The config file. */
  readonly file?: string;
  /** The only server; absent: all that the token may use, as one. */
  readonly server?: string;
  /** The static token's name; absent: access tokens where they are taken, else the first valid one that may use it. */
  readonly token?: string;
  /** The only client of interest. */
  readonly client?: string;
  readonly format: "text" | "json";
}

/**
 * Prints the snippets to stdout; of one client the first alone, and to stderr where it goes. No
 * value of a token is in them. Throws a `CommandError` for a file or a name that cannot be used.
 */
export async function connect(
  { client, format, ...options }: ConnectOptions,
  { environment }: Surroundings,
): Promise<ExitCode> {
  const file = configFile(options.file);
  if (client !== undefined) checkClientName(client);
  const paint = palette("stderr", environment);
  const loaded = await entranceOrExplain(file, environment, paint);
  const { server } = options;
  const { rules } = loaded;
  const token = staticToken({ ...options, file }, rules);
  const base = baseOf(loaded.entrance, file);
  const entry = token === undefined
    ? entryOf(server, base, "oauth")
    : entryOf(server, base + (rules.oauth?.staticPath ?? ""));
  await printProblems(loaded.warnings, paint);
  const clients = client === undefined
    ? clientsFor(entry)
    : [clientFor(client, entry)];
  const note = token && noteOn(rules.oauth);
  const connection = { server, token, note, entry, clients };
  if (format === "json") {
    await print("stdout", connectionJson(connection, file));
  } else if (client === undefined) {
    const colours = palette("stdout", environment);
    await print("stdout", connectionText(connection, colours));
  } else {
    await print("stderr", directions(connection, paint));
    await print("stdout", snippetAlone(connection));
  }
  return EXIT_CODES.done;
}

/** With which static token a client comes; undefined where it gets an access token itself. */
function staticToken(wish: Wish, rules: AccessRules): NamedToken | undefined {
  if (logsIn(wish, rules)) return undefined;
  return namedToken(chooseToken(wish, rules), wish.file, rules.tokens);
}

/** Where OAuth is announced, and only tokens are wanted. */
function noteOn(oauth: CallerRules | undefined): string | undefined {
  if (oauth === undefined || oauth.staticPath !== undefined) return undefined;
  return "Clients that find OAuth there may drop the token: " +
    "proxy.auth.staticPath gives it paths without (docs/oauth.md)";
}

/** Where clients find the gateway, without a slash at the end. */
function baseOf(
  { baseUrl, address, protocol }: Entrance,
  file: string,
): string {
  const url = publicUrl({ baseUrl });
  if (url !== undefined) return url;
  if (address !== undefined && address.port > 0) {
    return localUrl(address, protocol);
  }
  throw new CommandError(
    `proxy.addr in ${file} takes any free port, so the address is not known`,
    "name a port there, or set proxy.baseUrl",
    EXIT_CODES.usage,
  );
}
