// Which endpoint a path leads to.

/** What answers at the end of a server's path. */
export type Leaf = "sse" | "messages" | "mcp";

/** Where a path leads. */
export type Route =
  | { readonly kind: "health" }
  | {
    readonly kind: "oauth_discovery";
    /** Of the metadata of a protected resource: where its own path leads; `whole` for the gateway. */
    readonly about?: Route | "whole";
  }
  | ServerRoute
  | ({ readonly kind: "root"; readonly leaf: Leaf } & Entrance)
  | ({ readonly kind: "unknown"; readonly server?: string } & Entrance);

/** By which way a route was found. */
interface Entrance {
  /** Whether it is beneath the path at which static tokens alone are taken. */
  readonly isStatic?: boolean;
}

interface ServerRoute extends Entrance {
  readonly kind: "server";
  readonly server: string;
  readonly leaf: Leaf;
  /** Whether the path is that of the root, and its query names the server. */
  readonly byQuery?: boolean;
}

const LEAVES: readonly string[] = ["sse", "messages", "mcp"];

const OAUTH_ENDPOINTS: readonly string[] = ["register", "authorize", "token"];

const OAUTH_DOCUMENTS: readonly string[] = [
  "oauth-protected-resource",
  "oauth-authorization-server",
  "openid-configuration",
];

/** Where the metadata of resources is (RFC 9728 § 3). */
export const RESOURCE_METADATA = "/.well-known/oauth-protected-resource";

/** The query parameter by which the paths of the root lead to one server. */
const SERVER_PARAMETER = "server";

/** Finds the route of a url: that of its path, or where `?server=NAME` leads from the root. */
export function routeOfUrl(
  url: URL,
  basePath: string,
  staticPath?: string,
): Route {
  const route = routeOf(url.pathname, basePath, staticPath);
  if (route.kind !== "root" || url.search === "") return route;
  const server = url.searchParams.get(SERVER_PARAMETER);
  return server === null
    ? route
    : { ...route, kind: "server", server, byQuery: true };
}

/**
 * Finds the route of a path, which may begin with `basePath` (the path of the
 * public url, kept by some reverse proxies and stripped by others) and end in a slash.
 * Beneath `staticPath`, such as `/static`, static tokens alone are taken; absent: nowhere.
 */
export function routeOf(
  pathname: string,
  basePath: string,
  staticPath?: string,
): Route {
  const prefixes = { basePath, staticPath };
  const route = routeAt(withoutBase(pathname, basePath), prefixes);
  // Stripped of its prefix, a path can still begin like it: a server may be named as the prefix is.
  return route.kind === "unknown" ? routeAt(pathname, prefixes) : route;
}

interface Prefixes {
  readonly basePath: string;
  readonly staticPath?: string;
}

function routeAt(pathname: string, prefixes: Prefixes): Route {
  const segments = segmentsOf(pathname);
  if (isOauthDiscovery(segments)) return discovery(pathname, prefixes);
  const { staticPath } = prefixes;
  if (staticPath === undefined || `/${segments[0]}` !== staticPath) {
    return endpointAt(segments);
  }
  const route = endpointAt(segments.slice(1));
  return route.kind === "root" || route.kind === "server"
    ? { ...route, isStatic: true }
    : { kind: "unknown", isStatic: true };
}

/** What a path of the metadata of a resource is about: the path of the resource follows (RFC 9728 § 3.1). */
function discovery(
  pathname: string,
  { basePath, staticPath }: Prefixes,
): Route {
  const kind = "oauth_discovery";
  if (!pathname.startsWith(RESOURCE_METADATA)) return { kind };
  const path = pathname.slice(RESOURCE_METADATA.length).replace(/\/$/, "");
  if (path === "" || path === basePath) {
    return { kind, about: "whole" };
  }
  return path.startsWith("/")
    ? { kind, about: routeOf(path, basePath, staticPath) }
    : { kind };
}

function endpointAt(segments: readonly string[]): Route {
  const [first, second] = segments;
  if (segments.length === 1 && first === "health") return { kind: "health" };
  if (segments.length === 1 && isLeaf(first as string)) {
    return { kind: "root", leaf: first as Leaf };
  }
  if (segments.length === 2 && second !== undefined && isLeaf(second)) {
    return { kind: "server", server: first as string, leaf: second };
  }
  return { kind: "unknown", server: first };
}

/** The path of the public url without a slash at its end; empty for none. */
export function basePathOf(baseUrl: URL | undefined): string {
  return baseUrl?.pathname.replace(/\/+$/, "") ?? "";
}

function withoutBase(pathname: string, basePath: string): string {
  return pathname.startsWith(`${basePath}/`)
    ? pathname.slice(basePath.length)
    : pathname;
}

function segmentsOf(pathname: string): string[] {
  const segments = pathname.split("/").slice(1);
  if (segments.at(-1) === "") segments.pop();
  return segments.map(decode);
}

function decode(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not percent-encoding: it is no name of ours, as it stands.
    return segment;
  }
}

/** The places where clients look for OAuth (`protocol.md` names them A-08): nothing there, said as JSON. */
function isOauthDiscovery(segments: readonly string[]): boolean {
  const [first] = segments;
  if (segments.length === 1 && OAUTH_ENDPOINTS.includes(first as string)) {
    return true;
  }
  const at = segments.indexOf(".well-known");
  return at !== -1 && OAUTH_DOCUMENTS.includes(segments[at + 1] ?? "");
}

function isLeaf(segment: string): segment is Leaf {
  return LEAVES.includes(segment);
}
