// Access tokens that are signed by their issuer (RFC 7519, RFC 9068).

import { loadJose } from "../../../deps.ts";
import type { JoseLibrary, JSONWebKeySet, JWTPayload } from "../../../deps.ts";
import type { GatewayError } from "../../errors.ts";
import { secondsIn, textIn } from "./claims.ts";
import type { ValidToken } from "./claims.ts";
import type { Issuer } from "./issuer.ts";
import { expiredAccessToken, invalidAccessToken } from "./refusals.ts";

/** By how much the clocks of issuer and gateway may differ, in seconds. */
export const CLOCK_SKEW_S = 30;

/** Signatures that only the issuer can make: none by a secret that is shared, and no missing ones. */
export const ALGORITHMS: readonly string[] = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

/** What a signed access token may call itself. */
const TYPES: readonly unknown[] = [
  undefined,
  "jwt",
  "at+jwt",
  "application/at+jwt",
];

const SIGNED = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Whether a token has the form of one that is signed. */
export function isSigned(token: string): boolean {
  return SIGNED.test(token);
}

/** The token, where it was signed by the issuer for one of `audiences`. Throws `invalid_token`, `expired_token` or `issuer_unavailable`. */
export async function validJwt(
  token: string,
  audiences: readonly string[],
  issuer: Pick<Issuer, "options" | "keys" | "checked">,
): Promise<ValidToken> {
  const found = issuer.checked.find(token, audiences);
  if (found && found.keys === await issuer.keys()) return found.token;
  const jose = await loadJose();
  checkHeader(token, jose);
  // Whose it is not need not be asked for a key.
  if (issuerOf(token, jose) !== issuer.options.issuer) {
    throw invalidAccessToken("is of another issuer");
  }
  const check = async (keys: JSONWebKeySet) => {
    const { payload } = await jose.jwtVerify(
      token,
      jose.createLocalJWKSet(keys),
      {
        algorithms: [...ALGORITHMS],
        issuer: issuer.options.issuer,
        audience: [...audiences],
        clockTolerance: CLOCK_SKEW_S,
        requiredClaims: ["iss", "aud", "sub", "exp"],
      },
    );
    const good = valid(payload);
    issuer.checked.add(token, { token: good, keys, audiences });
    return good;
  };
  try {
    return await check(await issuer.keys());
  } catch (error) {
    if (!(error instanceof jose.errors.JWKSNoMatchingKey)) {
      throw refusal(error, jose);
    }
  }
  try {
    return await check(await issuer.keys("newer"));
  } catch (error) {
    throw refusal(error, jose);
  }
}

/** What the header says is not believed: it is compared with what may be. */
function checkHeader(token: string, jose: JoseLibrary): void {
  const { alg, typ, crit } = headerOf(token, jose);
  if (typeof alg !== "string" || !ALGORITHMS.includes(alg)) {
    throw invalidAccessToken("is signed in a way that is not taken");
  }
  if (crit !== undefined) {
    throw invalidAccessToken("has critical extensions, of which none is known");
  }
  const type = typeof typ === "string" ? typ.toLowerCase() : typ;
  if (!TYPES.includes(type)) throw invalidAccessToken("is of another type");
}

function headerOf(token: string, jose: JoseLibrary) {
  try {
    return jose.decodeProtectedHeader(token);
  } catch {
    throw invalidAccessToken("cannot be read");
  }
}

/** Not believed, either. */
function issuerOf(token: string, jose: JoseLibrary): unknown {
  try {
    return jose.decodeJwt(token).iss;
  } catch {
    throw invalidAccessToken("cannot be read");
  }
}

function valid(claims: JWTPayload): ValidToken {
  if (textIn(claims, "sub") === undefined) {
    throw invalidAccessToken("names no subject");
  }
  const seconds = (secondsIn(claims, "exp") ?? 0) + CLOCK_SKEW_S;
  return { claims, expires: seconds * 1_000, isOpaque: false };
}

/** Nothing of the token is repeated. What is no failure of the token is thrown on. */
function refusal(error: unknown, { errors }: JoseLibrary): GatewayError {
  if (error instanceof errors.JWTExpired) return expiredAccessToken();
  if (error instanceof errors.JWTClaimValidationFailed) {
    return invalidAccessToken(CLAIMS.get(error.claim) ?? "lacks a claim");
  }
  if (error instanceof errors.JWKSNoMatchingKey) {
    return invalidAccessToken("is signed with a key that its issuer has not");
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return invalidAccessToken("has a wrong signature");
  }
  if (error instanceof errors.JOSEError || error instanceof TypeError) {
    return invalidAccessToken("cannot be checked");
  }
  throw error;
}

/** What is wrong with a claim. */
const CLAIMS: ReadonlyMap<string, string> = new Map([
  ["iss", "is of another issuer"],
  ["aud", "is for another resource"],
  ["sub", "names no subject"],
  ["exp", "does not say when it expires"],
  ["nbf", "is not valid yet"],
]);
