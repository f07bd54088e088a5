// What both backends of the benchmark answer: the least that is MCP.

const ID = /"id":(\d+|"[^"]*")/;
const KEY = /"key":(\d+)/;
const BYTES = /"bytes":(\d+)/;
const NOTIFICATIONS = /"notifications":(\d+)/;
const REVISION = /"protocolVersion":"([\d-]+)"/;
const PROGRESS_TOKEN = /"progressToken":(\d+|"[^"]*")/;

/** Like those of an ordinary server: half a kilobyte each. */
const TOOLS = Array.from({ length: 40 }, (_, index) => ({
  name: index === 0 ? "echo" : `tool_${index}`,
  description: "Does what tools do. ".repeat(12),
  inputSchema: {
    type: "object",
    properties: {
      path: { type: "string", description: "Where to look for it" },
      limit: { type: "number", description: "How many to return" },
    },
    required: ["path"],
  },
}));
/** It is of either era. */
const DISCOVERY = JSON.stringify({
  resultType: "complete",
  supportedVersions: ["2026-07-28", "2025-11-25"],
  capabilities: { tools: {} },
  serverInfo: { name: "bench", version: "1" },
});
const TOOLS_RESULT = JSON.stringify({ tools: TOOLS });

let padding = "";

/** All it says to one message, one after the other; nothing to a notification. */
export function* replies(message: string): Generator<string> {
  const id = ID.exec(message)?.[1];
  if (id === undefined || message.includes('"method":"notifications/')) return;
  if (message.includes('"method":"initialize"')) {
    const revision = REVISION.exec(message)?.[1];
    yield `{"jsonrpc":"2.0","id":${id},"result":{"protocolVersion":"${revision}",` +
      `"capabilities":{"tools":{}},"serverInfo":{"name":"bench","version":"1"}}}`;
    return;
  }
  if (message.includes('"method":"server/discover"')) {
    yield `{"jsonrpc":"2.0","id":${id},"result":${DISCOVERY}}`;
    return;
  }
  if (message.includes('"method":"tools/list"')) {
    yield `{"jsonrpc":"2.0","id":${id},"result":${TOOLS_RESULT}}`;
    return;
  }
  const notifications = Number(NOTIFICATIONS.exec(message)?.[1] ?? 0);
  const token = PROGRESS_TOKEN.exec(message)?.[1];
  for (let count = 1; count <= notifications; count++) {
    yield `{"jsonrpc":"2.0","method":"notifications/progress","params":{` +
      `"progressToken":${token},"progress":${count},"total":${notifications}}}`;
  }
  const key = KEY.exec(message)?.[1] ?? "";
  const bytes = Number(BYTES.exec(message)?.[1] ?? 0);
  if (padding.length !== bytes) padding = "x".repeat(bytes);
  yield `{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text",` +
    `"text":"${key}:${padding}"}]}}`;
}
