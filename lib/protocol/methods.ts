// The few MCP methods the gateway has to know by name; every other one crosses unread.

/** Methods by what the gateway does with them. */
export const METHODS = {
  initialize: "initialize",
  initialized: "notifications/initialized",
  ping: "ping",
  cancelled: "notifications/cancelled",
  progress: "notifications/progress",
  callTool: "tools/call",
  getPrompt: "prompts/get",
  readResource: "resources/read",
  listTools: "tools/list",
  discover: "server/discover",
  listen: "subscriptions/listen",
  acknowledged: "notifications/subscriptions/acknowledged",
} as const;
