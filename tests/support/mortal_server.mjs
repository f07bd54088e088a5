// An official SDK server to be killed and started again: `mortal_server.mjs stdio`, or `sse PORT`, or `streamable-http PORT`.
// Its tool `state` says who it is, by `NAME` of its environment, what it has been told and what it was asked; `hang` reports progress once and never answers.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import process from "node:process";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import {
  CallToolRequestSchema,
  ListToolsRequestSchema,
  SetLevelRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";

const [transport, port] = process.argv.slice(2);
const inputSchema = { type: "object" };

function session() {
  const server = new Server({ name: "mortal", version: "1.0.0" }, {
    capabilities: {
      tools: { listChanged: true },
      resources: { subscribe: true, listChanged: true },
      logging: {},
    },
  });
  const state = { pid: process.pid, level: null, uris: [] };
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: ["state", "hang"].map((name) => ({ name, inputSchema })),
  }));
  server.setRequestHandler(SetLevelRequestSchema, ({ params }) => {
    state.level = params.level;
    return {};
  });
  server.setRequestHandler(SubscribeRequestSchema, ({ params }) => {
    state.uris.push(params.uri);
    return {};
  });
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => {
    state.uris = state.uris.filter((uri) => uri !== params.uri);
    return {};
  });
  server.setRequestHandler(
    CallToolRequestSchema,
    async ({ params }, { sendNotification }) => {
      if (params.name === "state") {
        const { NAME: name } = process.env;
        const asked = params.arguments;
        return { content: [text({ ...state, name, asked })] };
      }
      const { progressToken } = params._meta;
      await sendNotification({
        method: "notifications/progress",
        params: { progressToken, progress: 1 },
      });
      return await new Promise(() => {});
    },
  );
  return server;
}

function text(value) {
  return { type: "text", text: JSON.stringify(value) };
}

const sessions = new Map();

const handlers = {
  async sse(request, response) {
    const url = new URL(request.url, "http://server");
    if (request.method === "GET") {
      const opened = new SSEServerTransport("/messages", response);
      sessions.set(opened.sessionId, opened);
      return await session().connect(opened);
    }
    const known = sessions.get(url.searchParams.get("sessionId"));
    if (!known) return response.writeHead(404).end();
    await known.handlePostMessage(request, response);
  },
  async "streamable-http"(request, response) {
    const id = request.headers["mcp-session-id"];
    let known = sessions.get(id);
    if (id !== undefined && !known) return response.writeHead(404).end();
    if (!known) {
      known = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => sessions.set(id, known),
      });
      await session().connect(known);
    }
    await known.handleRequest(request, response);
  },
};

if (transport === "stdio") {
  await session().connect(new StdioServerTransport());
} else {
  const server = createServer(handlers[transport]);
  server.keepAliveTimeout = 0; // As in patient_http.mjs.
  server.listen(Number(port), "127.0.0.1", () => {
    const path = transport === "sse" ? "/sse" : "/mcp";
    console.log(`listening http://127.0.0.1:${port}${path}`);
  });
  process.stdin.on("end", () => process.exit(0)).resume();
}
