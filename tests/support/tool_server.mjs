// An MCP server over stdio with tools that end in each way a call can end.

import process from "node:process";
import { createInterface } from "node:readline";

const ends = {
  read_text: () => ({ result: { content: text("read") } }),
  read_other: () => ({ result: { content: text("read") } }),
  write_text: () => ({ result: { content: text("written") } }),
  fail: () => ({ result: { isError: true, content: text("it failed") } }),
  break: () => ({ error: { code: -32000, message: "it broke" } }),
  hang: () => undefined,
};

function text(words) {
  return [{ type: "text", text: words }];
}

function answerTo({ method, params }) {
  switch (method) {
    case "initialize":
      return {
        result: {
          protocolVersion: params.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: "tools", version: "1.0.0" },
        },
      };
    case "tools/list": {
      const inputSchema = { type: "object" };
      const tools = Object.keys(ends).map((name) => ({ name, inputSchema }));
      return { result: { tools } };
    }
    case "tools/call":
      return Object.hasOwn(ends, params.name)
        ? ends[params.name]()
        : { error: { code: -32602, message: "no such tool" } };
    default:
      return { error: { code: -32601, message: "no such method" } };
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, ...message } = JSON.parse(line);
  const answer = id === undefined ? undefined : answerTo(message);
  if (!answer) return;
  process.stdout.write(
    `${JSON.stringify({ jsonrpc: "2.0", id, ...answer })}\n`,
  );
});
