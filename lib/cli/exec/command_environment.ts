// The environment of the command: that of mcp-front, without what only the servers are to have, and with the way in.

import type { Config, Secret } from "../../../mod.ts";
import { digestOf } from "../../auth/token.ts";
import { isOrdinary, variableKey } from "../../config/child_environment.ts";
import type { Variables } from "../../config/child_environment.ts";

/** Where the command finds the gateway. */
export const URL_VARIABLE = "MCP_FRONT_URL";
/** What it comes in with. */
export const TOKEN_VARIABLE = "MCP_FRONT_TOKEN";

/** What decides over the environment. */
export interface CommandEnvironmentOptions {
  /** That of mcp-front. */
  readonly environment: Variables;
  /** As `process.platform` has it. */
  readonly platform: string;
  /** The variables that the configuration names: who has them needs no gateway. */
  readonly variables: ReadonlySet<string>;
  /** The tokens of the file, as far as they are known. */
  readonly tokens: Config["tokens"];
  /** Where the gateway is, without a path. */
  readonly url: string;
  /** The token of this run. */
  readonly credential: Secret;
}

/** The environment of a command. */
export interface CommandEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** The names of those that are set and that it does not get. */
  readonly withheld: readonly string[];
}

/**
 * What the configuration names, and what has a token of it as its value, is left out; ordinary
 * variables such as PATH, which every server gets, stay.
 */
export function commandEnvironment(
  options: CommandEnvironmentOptions,
): CommandEnvironment {
  const { environment, platform, url, credential } = options;
  const named = new Set(
    [...options.variables].map((one) => variableKey(one, platform)),
  );
  const digests = new Set(
    [...options.tokens.values()].map(({ digest }) => digest.reveal()),
  );
  const variables: Record<string, string> = {};
  const withheld: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    const isNamed = named.has(variableKey(name, platform)) &&
      !isOrdinary(name, platform);
    if (isNamed || digests.has(digestOf(value))) withheld.push(name);
    else variables[name] = value;
  }
  variables[URL_VARIABLE] = url;
  variables[TOKEN_VARIABLE] = credential.reveal();
  return { variables, withheld };
}
