// An MCP server over stdio with a tool that only reads, which tells what was called, and one that writes.

import process from "node:process";
import { createInterface } from "node:readline";

const called = [];

const tools = [
  {
    name: "read",
    description: "Tells which tools were called",
    inputSchema: { type: "object" },
    annotations: { readOnlyHint: true },
  },
  { name: "write", inputSchema: { type: "object" } },
];

function call(name) {
  called.push(name);
  const content = [{ type: "text", text: called.join(" ") }];
  return { result: { content } };
}

function answerTo({ method, params }) {
  switch (method) {
    case "initialize":
      return {
        result: {
          protocolVersion: params.protocolVersion,
          capabilities: { tools: { listChanged: true } },
          serverInfo: { name: "reading", version: "1.0.0" },
        },
      };
    case "tools/list":
      return { result: { tools } };
    case "tools/call":
      return call(params.name);
    case "ping":
      return { result: {} };
    default:
      return { error: { code: -32601, message: "no such method" } };
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, ...message } = JSON.parse(line);
  if (id === undefined || message.method === undefined) return;
  process.stdout.write(
    `${JSON.stringify({ jsonrpc: "2.0", id, ...answerTo(message) })}\n`,
  );
});
