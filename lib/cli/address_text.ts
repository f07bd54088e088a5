// An address to listen on, as people and programs write it.

import type { Address, Config } from "../../mod.ts";
import type { Protocol } from "../config/config.ts";

const WILDCARDS: readonly string[] = ["0.0.0.0", "::"];

/** `host:port` as in `proxy.addr`; `:port` for every interface. */
export function addressText({ hostname = "", port }: Address): string {
  return `${bracketed(hostname)}:${port}`;
}

/** What a gateway speaks where it listens. */
export function protocolOf({ tls }: Pick<Config, "tls">): Protocol {
  return tls === undefined ? "http" : "https";
}

/** The url by which a program on this machine reaches a listener. */
export function localUrl(
  { hostname, port }: Address,
  protocol: Protocol,
): string {
  const isWildcard = hostname === undefined || WILDCARDS.includes(hostname);
  const host = isWildcard ? "localhost" : bracketed(hostname);
  return `${protocol}://${host}:${port}`;
}

function bracketed(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}
