// Lets scripts of allowed origins, such as the MCP Inspector, use the gateway from a browser (Fetch § 3.2).

/** How long a browser may remember a preflight, in seconds. */
const PREFLIGHT_AGE_S = 600;

const METHODS = "GET, POST, DELETE, OPTIONS";

const REQUEST_HEADERS = [
  "authorization",
  "content-type",
  "accept",
  "mcp-protocol-version",
  "mcp-session-id",
  "mcp-method",
  "mcp-name",
  "last-event-id",
];

const EXPOSED = "mcp-session-id, www-authenticate, x-request-id, retry-after";

/** Whether a browser asks beforehand what it may send. */
export function isPreflight(request: Request): boolean {
  return request.method === "OPTIONS" &&
    request.headers.has("access-control-request-method");
}

/** The answer to a preflight of an allowed origin. `Mcp-Param-*` cannot be a wildcard: the names asked for are echoed. */
export function preflight(request: Request): Response {
  const asked = request.headers.get("access-control-request-headers") ?? "";
  const params = asked.split(",").map((name) => name.trim().toLowerCase())
    .filter((name) => /^mcp-param-[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name));
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": METHODS,
      "access-control-allow-headers": [...REQUEST_HEADERS, ...params].join(
        ", ",
      ),
      "access-control-max-age": String(PREFLIGHT_AGE_S),
    },
  });
}

/** Marks an answer as readable by scripts of `origin`. */
export function share(response: Response, origin: string): Response {
  response.headers.set("access-control-allow-origin", origin);
  response.headers.set("access-control-expose-headers", EXPOSED);
  response.headers.append("vary", "Origin");
  return response;
}
