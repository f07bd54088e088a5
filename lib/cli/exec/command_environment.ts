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

/**
 * What the configuration names, and what has a token of it as its value, is left out; ordinary
 * variables such as PATH, which every server gets, stay.
 */
export function commandEnvironment(
  options: CommandEnvironmentOptions,
): Record<string, string> {
  const { environment, platform, variables, tokens, url, credential } = options;
  const named = new Set(
    [...variables].map((one) => variableKey(one, platform)),
  );
  const digests = new Set(
    [...tokens.values()].map(({ digest }) => digest.reveal()),
  );
  const kept = Object.entries(environment).flatMap(([name, value]) => {
    const isNamed = named.has(variableKey(name, platform)) &&
      !isOrdinary(name, platform);
    if (value === undefined || isNamed) return [];
    return digests.has(digestOf(value)) ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    [URL_VARIABLE]: url,
    [TOKEN_VARIABLE]: credential.reveal(),
  };
}
