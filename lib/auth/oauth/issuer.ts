// One authorization server: where its keys and its introspection are, found out when that is first needed.

import type { JSONWebKeySet } from "../../../deps.ts";
import type { Log } from "../../telemetry/log.ts";
import { CheckedTokens } from "./checked_tokens.ts";
import { discover } from "./discovery.ts";
import type { IssuerMetadata } from "./discovery.ts";
import { ask, IssuerFailure } from "./guarded_request.ts";
import type { Trusted } from "./guarded_request.ts";
import { IssuerHealth } from "./issuer_health.ts";
import type { OAuthOptions } from "./options.ts";
import { Remembered } from "./remembered.ts";

/** The most keys that are looked through. */
export const MAX_KEYS = 100;

/** How long metadata and keys are used without asking again, and where asking fails, in milliseconds. */
export const FRESH_MS = 10 * 60_000;
export const USABLE_MS = 60 * 60_000;

/** From one question for keys to the next, where a token names one that is not known, in milliseconds. */
export const COOLDOWN_MS = 30_000;

const LIFETIMES = {
  freshMs: FRESH_MS,
  usableMs: USABLE_MS,
  cooldownMs: COOLDOWN_MS,
};

/** What of the options makes it this one: with others, nothing that it knows holds. */
export type IssuerOptions = Pick<
  OAuthOptions,
  "issuer" | "jwksUri" | "introspection"
>;

/** An issuer, as far as its tokens have to be checked. */
export class Issuer {
  readonly options: IssuerOptions;
  readonly health: IssuerHealth;
  readonly checked = new CheckedTokens();
  readonly #metadata: Remembered<IssuerMetadata>;
  readonly #keys: Remembered<JSONWebKeySet>;

  constructor(options: IssuerOptions, log: Log) {
    this.options = options;
    this.health = new IssuerHealth(options.issuer, log);
    const { issuer } = options;
    const found = () => discover(issuer, this.trusted);
    this.#metadata = new Remembered(found, LIFETIMES);
    this.#keys = new Remembered(() => this.#fetchKeys(), LIFETIMES);
  }

  /** The urls that the operator has written. */
  get trusted(): Trusted {
    const { issuer, jwksUri, introspection } = this.options;
    const all = [new URL(issuer), jwksUri, introspection?.endpoint];
    return all.filter((url) => url !== undefined);
  }

  /** Its keys; with `newer` those it has now, as far as it may be asked again. Throws `issuer_unavailable`. */
  async keys(which: "known" | "newer" = "known"): Promise<JSONWebKeySet> {
    const keys = this.#keys;
    try {
      const set = await (which === "known" ? keys.get() : keys.newer());
      this.health.up();
      return set;
    } catch (error) {
      throw this.health.down(error, "keys");
    }
  }

  /** Where opaque tokens are asked about. Throws `IssuerFailure`. */
  async introspectionEndpoint(): Promise<URL> {
    const written = this.options.introspection?.endpoint;
    const endpoint = written ??
      (await this.#metadata.get()).introspectionEndpoint;
    if (endpoint) return endpoint;
    throw new IssuerFailure("its metadata has no introspection_endpoint");
  }

  async #fetchKeys(): Promise<JSONWebKeySet> {
    const { trusted, options } = this;
    const url = options.jwksUri ?? (await this.#metadata.get()).jwksUri;
    if (!url) throw new IssuerFailure("its metadata has no jwks_uri");
    const { status, json } = await ask({ url, trusted });
    if (status !== 200) throw new IssuerFailure(`it answers ${status}`);
    const { keys } = (json ?? {}) as { readonly keys?: unknown };
    if (!Array.isArray(keys) || !keys.every(isKey)) {
      throw new IssuerFailure("what it answers is no set of keys");
    }
    if (keys.length <= MAX_KEYS) return { keys };
    throw new IssuerFailure(`it has more than ${MAX_KEYS} keys`);
  }
}

function isKey(key: unknown): boolean {
  return typeof key === "object" && key !== null &&
    typeof (key as { readonly kty?: unknown }).kty === "string";
}
