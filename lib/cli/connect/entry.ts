// A server, or all of them as one, as it is entered in the configuration of a client.

import { endpointUrl, rootUrl } from "../endpoint_urls.ts";

/** By what a client comes in: a static token, or an access token that it gets itself. */
export type Credential = "token" | "oauth";

/** The name by which the client knows it, where it is, and what it wants. */
export interface Entry {
  readonly name: string;
  readonly url: string;
  readonly credential: Credential;
}

/** What all servers together are called. */
const ROOT_NAME = "mcp-front";

/** Claude Code and Codex take no other characters. */
const UNUSUAL = /[^\w-]/g;

/** The entry for a server of the gateway at `base`, or for all of them where none is named. */
export function entryOf(
  server: string | undefined,
  base: string,
  credential: Credential = "token",
): Entry {
  if (server === undefined) {
    return { name: ROOT_NAME, url: rootUrl(base), credential };
  }
  return {
    name: server.replaceAll(UNUSUAL, "-"),
    url: endpointUrl(base, server),
    credential,
  };
}
