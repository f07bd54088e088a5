// `proxy` without its tokens and certificates: the name, the address to listen on, and who may come from where.

import { isIPv6 } from "node:net";
import { parseAddress } from "./address.ts";
import type { Address, Config } from "./config.ts";
import { readHttpUrl } from "./http_url.ts";
import { readLimits } from "./limits.ts";
import type { Report } from "./report.ts";
import { readRoot } from "./root.ts";
import type { ProxyDraft } from "./schema.ts";
import type { Text } from "./text.ts";
import { readTrustedProxies } from "./trusted_proxies.ts";

/** What `proxy` says; without an address where that is not known. */
export type ProxySettings =
  & Omit<Config, "tokens" | "scopes" | "oauth" | "servers" | "address" | "tls">
  & { readonly address?: Address };

/** What `name` is by default. */
export const DEFAULT_NAME = "mcp-front";
const DEFAULT_ADDRESS: Address = { port: 8080 };

/** Reads `proxy` and reports what is wrong with it. */
export function readProxy(
  draft: ProxyDraft | undefined,
  report: Report,
): ProxySettings {
  const { name, baseUrl, addr, limits, root } = draft ?? {};
  const { allowedOrigins, allowedHosts, trustedProxies } = draft ?? {};
  return {
    name: readName(name, report),
    baseUrl: readBaseUrl(baseUrl, report),
    address: addr === undefined ? DEFAULT_ADDRESS : readAddress(addr, report),
    allowedOrigins: readAll(allowedOrigins, readOrigin, report),
    allowedHosts: readAll(allowedHosts, readHost, report),
    trustedProxies: readTrustedProxies(trustedProxies, report),
    limits: readLimits(limits, report),
    root: readRoot(root, report),
  };
}

function readName(text: Text | undefined, report: Report): string {
  if (text?.value === undefined) return DEFAULT_NAME;
  if (text.value.trim() === "" || /\p{C}/u.test(text.value)) {
    report.error(
      text.path,
      `found ${report.quote(text)}, wanted a name of printable characters`,
    );
  }
  return text.value;
}

function readBaseUrl(
  text: Text | undefined,
  report: Report,
): URL | undefined {
  const url = text && readHttpUrl(text, report);
  if (text === undefined || url === undefined) return undefined;
  if (url.search !== "" || url.hash !== "") {
    const what = url.search !== "" ? "query" : "fragment";
    report.error(
      text.path,
      `found a ${what} in the url, wanted nothing after the path`,
    );
  }
  return url;
}

function readAddress(text: Text, report: Report): Address | undefined {
  if (text.value === undefined) return undefined;
  const reading = parseAddress(text.value);
  if (reading.kind === "address") return reading.address;
  const { message, hint } = reading;
  report.error(text.path, message + text.source, { hint });
  return undefined;
}

function readAll(
  texts: readonly Text[] | undefined,
  read: (text: Text, report: Report) => string | undefined,
  report: Report,
): string[] {
  return (texts ?? [])
    .map((text) => read(text, report))
    .filter((value) => value !== undefined);
}

const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@\\*]+$/i;

function readOrigin(text: Text, report: Report): string | undefined {
  const { value } = text;
  if (value === undefined) return undefined;
  if (ORIGIN.test(value) && URL.canParse(value)) {
    const { origin } = new URL(value);
    // Schemes such as those of browser extensions have no origin of their own there.
    return origin === "null" ? value.toLowerCase() : origin;
  }
  report.error(
    text.path,
    `found ${report.quote(text)}, wanted an origin: scheme://host or ` +
      "scheme://host:port",
    { hint: originHint(text, report) },
  );
  return undefined;
}

function originHint(
  { value, variable }: Text,
  report: Report,
): string | undefined {
  if (value?.includes("*")) {
    return "each origin is named: a wildcard would let any web page in";
  }
  if (variable !== undefined || !URL.canParse(value ?? "")) return undefined;
  const { origin } = new URL(value ?? "");
  return origin === "null" ? undefined : `write ${report.quoteKey(origin)}`;
}

function readHost(text: Text, report: Report): string | undefined {
  const { value } = text;
  if (value === undefined) return undefined;
  const host = isIPv6(value) ? `[${value}]` : value;
  const url = `http://${host}/`;
  const plain = !/[\s/?#@\\*]/.test(host) && !/:\d*$/.test(host);
  if (plain && URL.canParse(url)) return new URL(url).hostname;
  report.error(
    text.path,
    `found ${report.quote(text)}, wanted a host name without scheme, port ` +
      "or wildcard",
  );
  return undefined;
}
