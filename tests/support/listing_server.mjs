// An MCP server over stdio that answers `tools/list` as its first argument says; otherwise it has tools and nothing else.

import process from "node:process";
import { createInterface } from "node:readline";

const [habit = "none"] = process.argv.slice(2);
const tool = (name) => ({ name, inputSchema: { type: "object" } });

const lists = {
  "none": () => ({ tools: [] }),
  "pages": ({ cursor = "0" }) => ({
    tools: [tool(`a${cursor}`), tool(`b${cursor}`)],
    nextCursor: cursor === "2" ? undefined : String(Number(cursor) + 1),
  }),
  "annotated": () => ({
    tools: [
      { ...tool("read"), annotations: { readOnlyHint: true } },
      { ...tool("claims"), annotations: { readOnlyHint: false } },
      tool("write"),
      tool("a\u001b[2Jb"),
    ],
  }),
  "endless": () => ({ tools: [], nextCursor: "again" }),
  "garbage": () => ({ tools: "none" }),
  "silent": () => undefined,
};

const names = {
  "steers": "\u001b[2Jevil\u202e",
  "is wide": "データベース",
};

if (habit === "tells its variables") {
  const { DATABASE_URL } = process.env;
  process.stderr.write(`cannot connect to ${DATABASE_URL}\n`);
  process.stderr.write(`no user with ${new URL(DATABASE_URL).password}\n`);
  process.exit(1);
}

function answer({ method, params }) {
  if (method === "initialize") {
    process.stderr.write(`listing as ${habit}\n`);
    return {
      protocolVersion: params.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: names[habit] ?? "listing", version: "1.0.0" },
    };
  }
  return (lists[habit] ?? lists.none)(params ?? {});
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const message = JSON.parse(line);
  const { id, method } = message;
  if (id === undefined) return;
  const body = habit === "refuses" && method === "tools/list"
    ? { error: { code: -32603, message: "the index is locked\nby 17" } }
    : { result: answer(message) };
  if (body.result === undefined && body.error === undefined) return;
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...body })}\n`);
});
