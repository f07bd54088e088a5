// The tokens of a file, and how to recognise them where they must not be.

import { digestOf } from "../auth/token.ts";
import type { Token } from "../auth/token.ts";

/** Shorter tokens may be part of any word; longer ones are recognised inside other values. */
export const MIN_PART_LENGTH = 8;

/** Named tokens. */
export class TokenTable {
  /** Every name of the file, also of tokens that are not sound. */
  readonly names: ReadonlySet<string>;
  readonly #tokens = new Map<string, Token>();
  /** Names by SHA-256. */
  readonly #owners = new Map<string, string>();
  readonly #variables = new Set<string>();
  readonly #files = new Set<string>();
  readonly #expiries = new Map<string, Date>();

  constructor(names: Iterable<string>) {
    this.names = new Set(names);
  }

  /** The sound tokens by name, in the order they were added. */
  get tokens(): ReadonlyMap<string, Token> {
    return this.#tokens;
  }

  /** The variables that tokens are read from. */
  get variables(): ReadonlySet<string> {
    return this.#variables;
  }

  /** The files that tokens are read from, as they are written. */
  get files(): ReadonlySet<string> {
    return this.#files;
  }

  /** When tokens end, by name; also of tokens whose value is not known. */
  get expiries(): ReadonlyMap<string, Date> {
    return this.#expiries;
  }

  /** Notes when the token ends, whether or not its value is known. */
  addExpiry(name: string, expires: Date): void {
    this.#expiries.set(name, expires);
  }

  /** Adds a sound token. */
  add(name: string, token: Token): void {
    this.#tokens.set(name, token);
    const digest = token.digest.reveal();
    if (!this.#owners.has(digest)) this.#owners.set(digest, name);
  }

  /** Notes a variable that a token is read from, whether or not it is set. */
  addVariable(variable: string): void {
    this.#variables.add(variable);
  }

  /** Notes a file that a token is read from, whether or not it can be read. */
  addFile(path: string): void {
    this.#files.add(path);
  }

  /** The name of the token that has this value. */
  nameOf(value: string): string | undefined {
    return this.nameOfDigest(digestOf(value));
  }

  /** The name of the token that has this SHA-256. */
  nameOfDigest(digest: string): string | undefined {
    return this.#owners.get(digest);
  }

  /** The name of a token that would be told along with this value; of one that is hashed only where it is the whole. */
  nameOfTokenIn(value: string): string | undefined {
    const whole = this.nameOf(value);
    if (whole !== undefined) return whole;
    for (const [name, { value: secret }] of this.#tokens) {
      const token = secret?.reveal() ?? "";
      if (token.length >= MIN_PART_LENGTH && value.includes(token)) return name;
    }
    return undefined;
  }
}
