// Access tokens that only their issuer can read: it is asked about them (RFC 7662).

import { fingerprint } from "../../secret.ts";
import { Newest } from "../newest.ts";
import { secondsIn, textIn, textsIn } from "./claims.ts";
import type { Claims, ValidToken } from "./claims.ts";
import { ask, IssuerFailure } from "./guarded_request.ts";
import type { Issuer } from "./issuer.ts";
import type { IntrospectionOptions } from "./options.ts";
import { CLOCK_SKEW_S } from "./jwt.ts";
import { expiredAccessToken, invalidAccessToken } from "./refusals.ts";

/** How long the issuer is not asked again about a token, in milliseconds: what is revoked there goes on for no longer. */
export const ACTIVE_MS = 60_000;

/** The same for one that it does not know. */
export const INACTIVE_MS = 10_000;

/** The most tokens of which it is remembered that they are active, and as many that are not. */
export const MAX_ANSWERS = 4_096;

/** The most tokens that are asked about at the same time; for one more the issuer counts as busy. */
export const MAX_QUESTIONS = 32;

/** From whom tokens are not taken that nobody knows yet: the issuer would be asked about each guess. */
export type Stranger = "asked_about" | "refused";

/** What the issuer has said of a token; undefined: it is not active. */
interface Remembered {
  /** On the clock of `performance.now()`, in milliseconds. */
  readonly until: number;
  /** When it was asked, in milliseconds since 1970. */
  readonly asked: number;
  readonly claims: Promise<Claims | undefined>;
}

/** The answers of one issuer. */
export class Introspection {
  readonly #issuer: Issuer;
  readonly #options: IntrospectionOptions;
  /** By the fingerprint of the token; of those that were active when they were last asked about. */
  readonly #active: Newest<Remembered>;
  /** Of those that were not, or of which nothing is known yet: no flood of them takes the place of the others. */
  readonly #others: Newest<Remembered>;
  #questions = 0;

  constructor(
    issuer: Issuer,
    options: IntrospectionOptions,
    maxAnswers = MAX_ANSWERS,
  ) {
    this.#issuer = issuer;
    this.#options = options;
    this.#active = new Newest(maxAnswers);
    this.#others = new Newest(maxAnswers);
  }

  /** How many answers are remembered. */
  get size(): number {
    return this.#active.size + this.#others.size;
  }

  /** The token, where the issuer says that it is active and for one of `audiences`. Throws `invalid_token`, `expired_token` or `issuer_unavailable`. */
  async valid(
    token: string,
    audiences: readonly string[],
    stranger: Stranger = "asked_about",
  ): Promise<ValidToken> {
    const answer = this.#answer(token, stranger);
    const claims = await answer.claims;
    if (!claims) throw invalidAccessToken("is not active");
    const { issuer } = this.#issuer.options;
    if (claims.iss !== undefined && claims.iss !== issuer) {
      throw invalidAccessToken("is of another issuer");
    }
    if (textIn(claims, "sub") === undefined) {
      throw invalidAccessToken("names no subject");
    }
    if (!textsIn(claims.aud).some((one) => audiences.includes(one))) {
      throw invalidAccessToken("is for another resource");
    }
    const now = Date.now();
    const begins = momentOf(claims, "nbf");
    if (begins !== undefined && now < begins - CLOCK_SKEW_S * 1_000) {
      throw invalidAccessToken("is not valid yet");
    }
    const ends = momentOf(claims, "exp");
    const expires = ends === undefined ? ends : ends + CLOCK_SKEW_S * 1_000;
    if (expires !== undefined && now >= expires) throw expiredAccessToken();
    return { claims, expires, confirmed: answer.asked, isOpaque: true };
  }

  #answer(token: string, stranger: Stranger): Remembered {
    const key = fingerprint(token);
    const active = this.#active.get(key);
    const known = active ?? this.#others.get(key);
    const now = performance.now();
    if (known && now < known.until) return known;
    if (!active && stranger === "refused") {
      throw invalidAccessToken("is not known, and is not asked about now");
    }
    const asked = Date.now();
    const claims = this.#ask(token);
    const answer = { until: now + ACTIVE_MS, asked, claims };
    (active ? this.#active : this.#others).set(key, answer);
    claims.then(
      (found) => this.#settle(key, answer, found !== undefined),
      () => this.#forget(key, active),
    );
    return answer;
  }

  #settle(key: string, answer: Remembered, isActive: boolean): void {
    (isActive ? this.#others : this.#active).delete(key);
    if (isActive) return this.#active.set(key, answer);
    this.#others.set(key, {
      ...answer,
      until: performance.now() + INACTIVE_MS,
    });
  }

  /** It could not be asked: what was active before may be asked about again at once. */
  #forget(key: string, active: Remembered | undefined): void {
    this.#others.delete(key);
    if (active) this.#active.set(key, active);
  }

  async #ask(token: string): Promise<Claims | undefined> {
    const { health, trusted } = this.#issuer;
    if (this.#questions >= MAX_QUESTIONS) throw health.busy();
    this.#questions++;
    try {
      const { status, json } = await ask({
        url: await this.#issuer.introspectionEndpoint(),
        trusted,
        form: new URLSearchParams({ token, token_type_hint: "access_token" }),
        authorization: this.#basic(),
      });
      const { active } = (json ?? {}) as Claims;
      if (status !== 200 || typeof active !== "boolean") {
        throw new IssuerFailure(`it answers ${status} to introspection`);
      }
      health.up();
      return active ? json as Claims : undefined;
    } catch (error) {
      throw health.down(error, "introspection");
    } finally {
      this.#questions--;
    }
  }

  /** RFC 6749 § 2.3.1: both are encoded as in a form before they are joined. */
  #basic(): string {
    const { clientId, clientSecret } = this.#options;
    const [id, secret] = [clientId, clientSecret.reveal()].map(formEncoded);
    return `Basic ${btoa(`${id}:${secret}`)}`;
  }
}

function formEncoded(text: string): string {
  return new URLSearchParams({ _: text }).toString().slice(2);
}

function momentOf(claims: Claims, name: string): number | undefined {
  const seconds = secondsIn(claims, name);
  return seconds === undefined ? undefined : seconds * 1_000;
}
