// What an access token says, once it is known to be true.

/** The claims of a valid token (RFC 7519 § 4, RFC 7662 § 2.2). */
export type Claims = Readonly<Record<string, unknown>>;

/** What a valid token is known by. */
export interface ValidToken {
  readonly claims: Claims;
  /** When it is over, in milliseconds since 1970; absent where the issuer does not say. */
  readonly expires?: number;
  /** When the issuer was asked, where it was, in milliseconds since 1970: its answer may be an older one. */
  readonly confirmed?: number;
  /** Whether it may be over before: the issuer is asked again and again. */
  readonly isOpaque: boolean;
}

/** A claim that is a text, and not an empty one. */
export function textIn(claims: Claims, name: string): string | undefined {
  const value = claims[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A claim that is a moment, in seconds since 1970 (RFC 7519 § 2 "NumericDate"). */
export function secondsIn(claims: Claims, name: string): number | undefined {
  const value = claims[name];
  return typeof value === "number" && Number.isFinite(value)
    ? value
    : undefined;
}

/** The texts of a claim that is a list of them, or one alone. */
export function textsIn(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((one) => typeof one === "string");
}
