// Which endpoint a path leads to.

/** What answers at the end of a server's path. */
export type Leaf = "sse" | "messages" | "mcp";

/** Where a path leads. */
export type Route =
  | { readonly kind: "health" }
  | { readonly kind: "oauth_discovery" }
  | { readonly kind: "server"; readonly server: string; readonly leaf: Leaf }
  | { readonly kind: "root"; readonly leaf: Leaf }
  | { readonly kind: "unknown"; readonly server?: string };

const LEAVES: readonly string[] = ["sse", "messages", "mcp"];

const OAUTH_ENDPOINTS: readonly string[] = ["register", "authorize", "token"];

const OAUTH_DOCUMENTS: readonly string[] = [
  "oauth-protected-resource",
  "oauth-authorization-server",
  "openid-configuration",
];

/** The query parameter by which the paths of the root lead to one server. */
const SERVER_PARAMETER = "server";

/** Finds the route of a url: that of its path, or where `?server=NAME` leads from the root. */
export function routeOfUrl(url: URL, basePath: string): Route {
  const route = routeOf(url.pathname, basePath);
  if (route.kind !== "root" || url.search === "") return route;
  const server = url.searchParams.get(SERVER_PARAMETER);
  return server === null ? route : { ...route, kind: "server", server };
}

/**
 * Finds the route of a path, which may begin with `basePath` (the path of the
 * public url, kept by some reverse proxies and stripped by others) and end in a slash.
 */
export function routeOf(pathname: string, basePath: string): Route {
  const route = routeAt(withoutBase(pathname, basePath));
  // Stripped of its prefix, a path can still begin like it: a server may be named as the prefix is.
  return route.kind === "unknown" ? routeAt(pathname) : route;
}

function routeAt(pathname: string): Route {
  const segments = segmentsOf(pathname);
  if (isOauthDiscovery(segments)) return { kind: "oauth_discovery" };
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
