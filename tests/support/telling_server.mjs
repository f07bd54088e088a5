// A small MCP server over stdio: its tool `state` tells how it was started, as JSON.

import process from "node:process";
import { createInterface } from "node:readline";

function answer({ method, params }) {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: "telling", version: "1.0.0" },
      };
    case "tools/list":
      return {
        tools: [{ name: "state", inputSchema: { type: "object" } }],
      };
    case "tools/call": {
      const { pid, env } = process;
      const state = { pid, name: env.NAME, args: process.argv.slice(2) };
      return { content: [{ type: "text", text: JSON.stringify(state) }] };
    }
    default:
      return {};
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const message = JSON.parse(line);
  if (message.id === undefined) return;
  const reply = { jsonrpc: "2.0", id: message.id, result: answer(message) };
  process.stdout.write(`${JSON.stringify(reply)}\n`);
});
