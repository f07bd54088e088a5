// A server, or all of them as one, as it is entered in the configuration of a client.

import { endpointUrl, rootUrl } from "../endpoint_urls.ts";

/** The name by which the client knows it, and where it is. */
export interface Entry {
  readonly name: string;
  readonly url: string;
}

/** What all servers together are called. */
const ROOT_NAME = "mcp-front";

/** Claude Code and Codex take no other characters. */
const UNUSUAL = /[^\w-]/g;

/** The entry for a server of the gateway at `base`, or for all of them where none is named. */
export function entryOf(server: string | undefined, base: string): Entry {
  if (server === undefined) return { name: ROOT_NAME, url: rootUrl(base) };
  return {
    name: server.replaceAll(UNUSUAL, "-"),
    url: endpointUrl(base, server),
  };
}
