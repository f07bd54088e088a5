// Names that were typed, held against those of the configuration.

import { digestOf } from "../auth/token.ts";
import type { Token } from "../auth/token.ts";
import { closest } from "../config/closest.ts";
import { escapeInvisible } from "../telemetry/loggable.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import { CLIENT_NAMES, isClientName } from "./connect/client_names.ts";
import type { ClientName } from "./connect/client_names.ts";

/** Throws a `CommandError` where no token has this name; one that is given by its value is not repeated. */
export function checkTokenName(
  name: string,
  tokens: ReadonlyMap<string, Token | undefined>,
  file: string,
): void {
  if (tokens.has(name)) return;
  const digest = digestOf(name);
  const owner = [...tokens].find(([, token]) =>
    token?.digest.reveal() === digest
  )?.[0];
  if (owner !== undefined) {
    throw wrong(
      "-token takes the name of a token, and this is the value of one",
      `write -token ${owner}`,
    );
  }
  throw unknown("token", name, [...tokens.keys()], ` in ${file}`);
}

/** Throws a `CommandError` where no server has this name. */
export function checkServerName(
  name: string,
  servers: Iterable<string>,
  file: string,
): void {
  const names = [...servers];
  if (!names.includes(name)) {
    throw unknown("server", name, names, ` in ${file}`);
  }
}

/** Throws a `CommandError` where no client has this name. */
export function checkClientName(name: string): asserts name is ClientName {
  if (!isClientName(name)) throw unknown("client", name, CLIENT_NAMES, "");
}

function unknown(
  kind: "token" | "server" | "client",
  name: string,
  names: readonly string[],
  place: string,
): CommandError {
  const guess = closest(name, names);
  const meant = guess === undefined ? "" : `did you mean "${guess}"? `;
  return wrong(
    `there is no ${kind} "${escapeInvisible(name)}"${place}`,
    meant +
      (names.length === 0
        ? `there is no ${kind} at all`
        : `the ${kind}s are: ${names.join(", ")}`),
  );
}

function wrong(message: string, hint: string): CommandError {
  return new CommandError(message, hint, EXIT_CODES.usage);
}
