// The addresses that clients use.

import type { Config } from "../../mod.ts";

/** Where clients reach the gateway, when the operator says that it is not where it listens. */
export function publicUrl(
  { baseUrl }: Pick<Config, "baseUrl">,
): string | undefined {
  return baseUrl?.href.replace(/\/+$/, "");
}

/** That of all servers, for a gateway whose url has no slash at the end. */
export function rootUrl(url: string): string {
  return `${url}/mcp`;
}

/** That of one server. */
export function endpointUrl(url: string, server: string): string {
  return `${url}/${encodeURIComponent(server)}/mcp`;
}
