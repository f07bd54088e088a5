// The few MCP methods the gateway has to know by name; every other one crosses unread.

/** Methods by what the gateway does with them. */
export const METHODS = {
  initialize: "initialize",
  initialized: "notifications/initialized",
  ping: "ping",
  cancelled: "notifications/cancelled",
  progress: "notifications/progress",
  callTool: "tools/call",
  /** 2026-07-28 `server/discover`. */
  discover: "server/discover",
  /** 2026-07-28 `basic/patterns/subscriptions`, as is the one below. */
  listen: "subscriptions/listen",
  acknowledged: "notifications/subscriptions/acknowledged",
} as const;
