// The tokens of a file, and how to recognise them where they must not be.

import { digestOf } from "../auth/token.ts";
import type { Token } from "../auth/token.ts";
import type { Secret } from "../secret.ts";
import type { Text } from "./text.ts";

/** Shorter tokens may be part of any word; longer ones are recognised inside other values. */
export const MIN_PART_LENGTH = 8;

/** What no child may have, in words. */
export type SecretKind = "a token" | "the client secret";

/** Named tokens, and the secret of the gateway at the issuer of access tokens. */
export class TokenTable {
  /** Every name of the file, also of tokens that are not sound. */
  readonly names: ReadonlySet<string>;
  readonly #tokens = new Map<string, Token>();
  /** Names by SHA-256. */
  readonly #owners = new Map<string, string>();
  readonly #variables = new Map<string, SecretKind>();
  readonly #files = new Map<string, SecretKind>();
  readonly #expiries = new Map<string, Date>();
  #clientSecret?: Secret;

  constructor(names: Iterable<string>) {
    this.names = new Set(names);
  }

  /** The sound tokens by name, in the order they were added. */
  get tokens(): ReadonlyMap<string, Token> {
    return this.#tokens;
  }

  /** The variables that secrets are read from, and what is. */
  get variables(): ReadonlyMap<string, SecretKind> {
    return this.#variables;
  }

  /** The files that secrets are read from, as they are written, and what is. */
  get files(): ReadonlyMap<string, SecretKind> {
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

  /** Notes by what the gateway is known to the issuer of access tokens: it has to be kept as tokens are. */
  addClientSecret(secret: Secret): void {
    this.#clientSecret = secret;
  }

  /** Notes the variable or file that a secret is read from, whether or not it is there. */
  addSource({ variable, file }: Text, kind: SecretKind): void {
    if (variable !== undefined) this.#variables.set(variable, kind);
    if (file !== undefined) this.#files.set(file, kind);
  }

  /** The name of the token that has this value. */
  nameOf(value: string): string | undefined {
    return this.nameOfDigest(digestOf(value));
  }

  /** The name of the token that has this SHA-256. */
  nameOfDigest(digest: string): string | undefined {
    return this.#owners.get(digest);
  }

  /** Whether the client secret would be told along with this value. */
  hasClientSecretIn(value: string): boolean {
    const secret = this.#clientSecret?.reveal();
    if (secret === undefined) return false;
    return value === secret ||
      secret.length >= MIN_PART_LENGTH && value.includes(secret);
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
