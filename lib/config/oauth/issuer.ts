// `issuer`: the authorization server whose access tokens are taken.

import { isLoopback } from "../../routing/loopback.ts";
import { AUTH_PATH } from "../auth_kind.ts";
import { readHttpUrl } from "../http_url.ts";
import type { Report } from "../report.ts";
import type { Text } from "../text.ts";

/** Where an issuer has its metadata (RFC 8414 § 3, OpenID Connect Discovery § 4). */
const METADATA = /\/\.well-known\//;

const EXAMPLE = '"issuer": "https://login.example.com/realms/tools"';

/** The issuer as it is written: tokens name it the same, to the last slash (RFC 8414 § 3.3, RFC 9068 § 4). */
export function readIssuer(
  text: Text | undefined,
  baseUrl: URL | undefined,
  report: Report,
): string | undefined {
  if (text === undefined) {
    tellMissing(report);
    return undefined;
  }
  const url = readHttpUrl(text, report);
  if (url === undefined) return undefined;
  const flaw = flawOf(url, baseUrl);
  if (flaw === undefined) return text.value;
  const { message, hint } = flaw;
  report.error(text.path, message + text.source, { hint });
  return undefined;
}

function tellMissing(report: Report): void {
  const path = [...AUTH_PATH, "issuer"];
  if (report.has(path)) return;
  report.error(
    path,
    'found no "issuer", wanted the url of the authorization server whose ' +
      "access tokens are taken",
    { hint: EXAMPLE },
  );
}

function flawOf(
  url: URL,
  baseUrl: URL | undefined,
): { readonly message: string; readonly hint: string } | undefined {
  if (url.search !== "" || url.hash !== "") {
    const what = url.search !== "" ? "query" : "fragment";
    return {
      message: `found a ${what} in the url`,
      hint: "an issuer has neither query nor fragment (RFC 8414 § 2)",
    };
  }
  if (METADATA.test(url.pathname)) {
    return {
      message: "found the url of metadata, wanted that of the issuer",
      hint: 'write what the document there has as "issuer"',
    };
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    return {
      message: "found http:// and a host that is not this machine",
      hint: "begin it with https://: who can change what the issuer says " +
        "can make tokens",
    };
  }
  if (baseUrl === undefined || !isSamePlace(url, baseUrl)) return undefined;
  return {
    message: "found the url of the gateway itself; it takes tokens, and has " +
      "no authorization server inside that makes them in this version",
    hint: "write the issuer of yours: Keycloak, Entra, Auth0, Okta or another",
  };
}

function isSamePlace(one: URL, other: URL): boolean {
  const [a, b] = [one, other].map(({ origin, pathname }) =>
    origin + pathname.replace(/\/+$/, "")
  );
  return a === b;
}
