// An MCP server over stdio that says who it is: `paging_server.mjs NAME [SIZES]`.
// Each of its four lists has pages of these sizes, such as `[2,0,3]`; one of two items when absent.

import process from "node:process";
import { createInterface } from "node:readline";

const [name, sizes = "[2]"] = process.argv.slice(2);
const pageSizes = JSON.parse(sizes);

const items = {
  tools: (index) => ({ name: `tool-${index}`, inputSchema: OBJECT }),
  prompts: (index) => ({ name: `prompt-${index}` }),
  resources: (index) => ({ uri: `${name}://one/${index}`, name: "one" }),
  resourceTemplates: (index) => ({
    uriTemplate: `${name}://many-${index}/{id}`,
    name: "many",
  }),
};

const OBJECT = { type: "object" };

const methods = {
  "initialize": ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {}, prompts: {}, resources: {}, logging: {} },
    serverInfo: { name, version: "1.0.0" },
    instructions: `I am ${name}.`,
  }),
  "ping": () => ({}),
  "logging/setLevel": () => ({}),
  "tools/list": (params) => page("tools", params),
  "prompts/list": (params) => page("prompts", params),
  "resources/list": (params) => page("resources", params),
  "resources/templates/list": (params) => page("resourceTemplates", params),
  "tools/call": (params) => ({ content: [{ type: "text", ...said(params) }] }),
  "prompts/get": (params) => ({
    messages: [{ role: "user", content: { type: "text", ...said(params) } }],
  }),
  "resources/read": (params) => ({
    contents: [{ uri: params.uri, ...said(params) }],
  }),
};

function said({ name: what, uri, arguments: args }) {
  return { text: JSON.stringify({ server: name, what: what ?? uri, args }) };
}

function page(list, { cursor = "page-0" } = {}) {
  const number = Number(/^page-(\d+)$/.exec(cursor)?.[1]);
  if (!(number < pageSizes.length)) return undefined;
  const before = pageSizes.slice(0, number).reduce((sum, one) => sum + one, 0);
  const found = Array.from(
    { length: pageSizes[number] },
    (_, index) => items[list](before + index),
  );
  const isLast = number === pageSizes.length - 1;
  return {
    [list]: found,
    ...(!isLast && { nextCursor: `page-${number + 1}` }),
  };
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined || method === undefined) return;
  const result = methods[method]?.(params ?? {});
  const error = { code: -32602, message: "no such thing" };
  const body = result === undefined ? { error } : { result };
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...body })}\n`);
});
