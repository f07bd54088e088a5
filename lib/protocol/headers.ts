// HTTP header names of the MCP transports, in lower case as `Headers` has them.

/** Header names (2025-11-25 `basic/transports`; `last-event-id`: WHATWG HTML § 9.2; `mcp-method`, `mcp-name`: 2026-07-28 `basic/transports/streamable-http` § Standard Request Headers). */
export const HEADERS = {
  sessionId: "mcp-session-id",
  protocolVersion: "mcp-protocol-version",
  lastEventId: "last-event-id",
  method: "mcp-method",
  name: "mcp-name",
} as const;

/** What the names of headers begin with that repeat arguments of tools (2026-07-28 `basic/transports/streamable-http` § Custom Headers). */
export const PARAMETER_PREFIX = "mcp-param-";

/** Media types of the MCP transports. */
export const MEDIA = {
  json: "application/json",
  events: "text/event-stream",
} as const;
