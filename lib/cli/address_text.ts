// An address to listen on, as people and programs write it.

import type { Address } from "../../mod.ts";

const WILDCARDS: readonly string[] = ["0.0.0.0", "::"];

/** `host:port` as in `proxy.addr`; `:port` for every interface. */
export function addressText({ hostname = "", port }: Address): string {
  return `${bracketed(hostname)}:${port}`;
}

/** The url by which a program on this machine reaches a listener. */
export function localUrl({ hostname, port }: Address): string {
  const isWildcard = hostname === undefined || WILDCARDS.includes(hostname);
  return `http://${isWildcard ? "localhost" : bracketed(hostname)}:${port}`;
}

function bracketed(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}
