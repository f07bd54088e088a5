// What the operator says about a server reached by url.

import type { Secret } from "../../secret.ts";

/** Which transport a url speaks; `auto` finds out by asking. */
export type RemoteTransport = "auto" | "sse" | "streamable-http";

/** How to reach a remote MCP server. */
export interface RemoteOptions {
  /** Where it is; may hold secrets in its query. */
  readonly url: URL;
  /** Which transport it speaks. */
  readonly transport: RemoteTransport;
  /** The gateway's own headers for it, such as its credentials; names in lower case. */
  readonly headers: ReadonlyMap<string, Secret>;
  /** The authorities whose certificates it may have, as texts in PEM; absent: those that everybody trusts. */
  readonly ca?: string;
}
