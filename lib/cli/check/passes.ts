// Tokens of one check: of those in the file the gateway may know nothing but a hash.

import { randomBytes } from "node:crypto";
import { Secret } from "../../../mod.ts";
import type { Config } from "../../../mod.ts";
import { tokenOf } from "../../auth/token.ts";

/** Entropy of a pass, in bytes. */
const PASS_BYTES = 32;

/** The same configuration with other tokens under the same names. */
export interface Passes {
  readonly config: Config;
  /** What to come in with, by the token's name. */
  readonly credentials: ReadonlyMap<string, Secret>;
}

/** Makes a new token for each name; it opens only a gateway that is made of this very configuration. */
export function passes(config: Config): Passes {
  const names = [...config.tokens.keys()];
  const credentials = new Map(
    names.map((name) => [
      name,
      new Secret(randomBytes(PASS_BYTES).toString("base64url")),
    ]),
  );
  const tokens = new Map(
    [...credentials].map(([name, pass]) => [name, tokenOf(pass.reveal())]),
  );
  return { config: { ...config, tokens }, credentials };
}
