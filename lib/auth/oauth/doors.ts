// The endpoints of the gateway as clients of OAuth know them: as resources, each with its metadata.

import { ROOT } from "../../backends/aggregate/aggregate.ts";
import { RESOURCE_METADATA } from "../../routing/routes.ts";
import type { Route } from "../../routing/routes.ts";
import type { ServerAccess } from "../server_access.ts";
import type { OAuthOptions } from "./options.ts";

/** One resource. */
export interface Door {
  /** The server's name; `*` for the root. */
  readonly place: string;
  /** Its url (RFC 8707 § 2). */
  readonly resource: string;
  /** The url of its metadata. */
  readonly metadata: string;
  /** What `aud` may name here, each of them. */
  readonly audiences: readonly string[];
  /** How its path ends. */
  readonly end: End;
  /** What every token needs at its server; none at the root, where that depends on the server. */
  readonly needed: readonly string[];
  /** What a first token should have. */
  readonly scopes: readonly string[];
  /** What can be of use here. */
  readonly supported: readonly string[];
}

type Servers = ReadonlyMap<string, ServerAccess>;

/** How the path of an endpoint ends: that for messages belongs to the stream that names it. */
export type End = "mcp" | "sse";

/** The doors of one configuration. */
export class Doors {
  readonly #options: OAuthOptions;
  readonly #servers: Servers;
  readonly #made = new Map<string, Door>();

  constructor(options: OAuthOptions, servers: Servers) {
    this.#options = options;
    this.#servers = servers;
  }

  /** The door that a route leads to; that of the root, where it leads to no server there is. */
  at(route: Route): Door {
    const isServer = route.kind === "server" && !route.byQuery &&
      this.#servers.has(route.server);
    const isSse = (route.kind === "server" || route.kind === "root") &&
      route.leaf !== "mcp";
    return this.of(isServer ? route.server : ROOT, isSse ? "sse" : "mcp");
  }

  /** The gateway as a whole: tokens for it open every endpoint. */
  get whole(): Door {
    const { baseUrl } = this.#options;
    const door = this.of(ROOT, "mcp");
    return { ...door, resource: baseUrl, metadata: metadataOf(baseUrl) };
  }

  /** The door of a server, which need not be there any more, or of the root. */
  of(place: string, end: End): Door {
    const key = `${place}/${end}`;
    const known = this.#made.get(key);
    if (known) return known;
    const made = this.#make(place, end);
    this.#made.set(key, made);
    return made;
  }

  #make(place: string, end: End): Door {
    const { baseUrl, audiences, scopes } = this.#options;
    const path = place === ROOT ? "" : `/${encodeURIComponent(place)}`;
    const resource = `${baseUrl}${path}/${end}`;
    const own = [`${baseUrl}${path}/mcp`, `${baseUrl}${path}/sse`, baseUrl];
    const needed = this.#scopesOf(place);
    const [first, ...others] = scopes?.keys() ?? [];
    const asked = first === undefined ? needed : [...needed, first];
    return {
      place,
      end,
      resource,
      metadata: metadataOf(resource),
      audiences: [...own.flatMap((url) => [url, `${url}/`]), ...audiences],
      needed: place === ROOT ? [] : needed,
      scopes: [...new Set(asked)],
      supported: [...new Set([...asked, ...others])],
    };
  }

  #scopesOf(place: string): readonly string[] {
    const all = place === ROOT
      ? [...this.#servers.values()]
      : [this.#servers.get(place)];
    return all.flatMap((access) => access?.authScopes ?? []);
  }
}

/** Where the metadata of a resource is. */
function metadataOf(resource: string): string {
  const { origin } = new URL(resource);
  return `${origin}${RESOURCE_METADATA}${resource.slice(origin.length)}`;
}
