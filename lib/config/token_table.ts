// The tokens of a file, and how to recognise them where they must not be.

import { Secret } from "../secret.ts";

/** Shorter tokens may be part of any word; longer ones are recognised inside other values. */
export const MIN_PART_LENGTH = 8;

/** Named tokens. */
export class TokenTable {
  /** Every name of the file, also of tokens that are not sound. */
  readonly names: ReadonlySet<string>;
  readonly #secrets = new Map<string, Secret>();
  readonly #owners = new Map<string, string>();
  readonly #variables = new Set<string>();

  constructor(names: Iterable<string>) {
    this.names = new Set(names);
  }

  /** The sound tokens by name, in the order they were added. */
  get secrets(): ReadonlyMap<string, Secret> {
    return this.#secrets;
  }

  /** The variables that tokens are read from. */
  get variables(): ReadonlySet<string> {
    return this.#variables;
  }

  /** Adds a sound token. */
  add(name: string, value: string): void {
    this.#secrets.set(name, new Secret(value));
    if (!this.#owners.has(value)) this.#owners.set(value, name);
  }

  /** Notes a variable that a token is read from, whether or not it is set. */
  addVariable(variable: string): void {
    this.#variables.add(variable);
  }

  /** The name of the token that has this value. */
  nameOf(value: string): string | undefined {
    return this.#owners.get(value);
  }

  /** The name of a token that would be told along with this value. */
  nameOfTokenIn(value: string): string | undefined {
    const whole = this.nameOf(value);
    if (whole !== undefined) return whole;
    for (const [token, name] of this.#owners) {
      if (token.length >= MIN_PART_LENGTH && value.includes(token)) return name;
    }
    return undefined;
  }
}
