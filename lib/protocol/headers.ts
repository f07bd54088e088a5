// HTTP header names of the MCP transports, in lower case as `Headers` has them.

/** Header names (2025-11-25 `basic/transports`; `last-event-id`: WHATWG HTML § 9.2). */
export const HEADERS = {
  sessionId: "mcp-session-id",
  protocolVersion: "mcp-protocol-version",
  lastEventId: "last-event-id",
} as const;

/** Media types of the MCP transports. */
export const MEDIA = {
  json: "application/json",
  events: "text/event-stream",
} as const;
