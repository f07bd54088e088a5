// What an authorization server says of itself (RFC 8414, OpenID Connect Discovery).

import { ask, IssuerFailure } from "./guarded_request.ts";
import type { Trusted } from "./guarded_request.ts";

/** The members of its metadata that are needed here. */
export interface IssuerMetadata {
  readonly jwksUri?: URL;
  readonly introspectionEndpoint?: URL;
}

/** Where its metadata may be: RFC 8414 § 3.1, then OpenID Connect as that document has it (§ 5), then as of old. */
export function metadataUrls(issuer: string): readonly URL[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  return [
    ...new Set([
      `${origin}/.well-known/oauth-authorization-server${path}`,
      `${origin}/.well-known/openid-configuration${path}`,
      `${origin}${path}/.well-known/openid-configuration`,
    ]),
  ].map((url) => new URL(url));
}

/** Finds the metadata. Throws `IssuerFailure`. */
export async function discover(
  issuer: string,
  trusted: Trusted,
): Promise<IssuerMetadata> {
  let why = "it has no metadata";
  for (const url of metadataUrls(issuer)) {
    const { status, json } = await ask({ url, trusted });
    if (status >= 500) throw new IssuerFailure(`it answers ${status}`);
    if (status !== 200 || typeof json !== "object" || json === null) continue;
    const document = json as Readonly<Record<string, unknown>>;
    if (document.issuer === issuer) return metadataIn(document);
    // RFC 8414 § 3.3: what it says must not be used.
    why = "its metadata names another issuer";
  }
  throw new IssuerFailure(why);
}

function metadataIn(
  document: Readonly<Record<string, unknown>>,
): IssuerMetadata {
  return {
    jwksUri: urlIn(document.jwks_uri),
    introspectionEndpoint: urlIn(document.introspection_endpoint),
  };
}

function urlIn(value: unknown): URL | undefined {
  return typeof value === "string" && URL.canParse(value)
    ? new URL(value)
    : undefined;
}
