// Tokens of one check: of those in the file the gateway may know nothing but a hash.

import { randomBytes } from "node:crypto";
import { Secret } from "../../../mod.ts";
import type { Config, Token } from "../../../mod.ts";
import { tokenOf } from "../../auth/token.ts";

/** Entropy of a pass, in bytes. */
const PASS_BYTES = 32;

/** The same configuration with other tokens under the same names. */
export interface Passes {
  readonly config: Config;
  /** What to come in with, by the token's name. */
  readonly credentials: ReadonlyMap<string, Secret>;
}

/** A token that nobody else knows. */
export function newPass(): string {
  return randomBytes(PASS_BYTES).toString("base64url");
}

/** Makes a new token for each name; it opens only a gateway that is made of this very configuration. */
export function passes(config: Config): Passes {
  const credentials = new Map<string, Secret>();
  const tokens = new Map<string, Token>();
  for (const name of config.tokens.keys()) {
    const pass = newPass();
    credentials.set(name, new Secret(pass));
    tokens.set(name, tokenOf(pass));
  }
  return { config: { ...config, tokens }, credentials };
}
