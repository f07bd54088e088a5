// `@modelcontextprotocol/sdk`: the first generation of the official client.

import { Client } from "@modelcontextprotocol/sdk/client";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import {
  getDefaultEnvironment,
  StdioClientTransport,
} from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  ResultSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { overhear } from "./counterpart.ts";
import type { Counterpart, FromServer } from "./counterpart.ts";
import type {
  CallOptions,
  OfficialClient,
  Result,
  Target,
  Verbs,
} from "./official_client.ts";

/** Connects a client that answers with `counterpart`. */
export async function connectV1(
  target: Target,
  counterpart: Counterpart,
): Promise<OfficialClient> {
  const { info, capabilities } = counterpart;
  const client = new Client(info, { capabilities });
  client.setRequestHandler(
    CreateMessageRequestSchema,
    (request: FromServer) => counterpart.sample(request),
  );
  client.setRequestHandler(
    ElicitRequestSchema,
    (request: FromServer) => counterpart.elicit(request),
  );
  client.setRequestHandler(
    ListRootsRequestSchema,
    (request: FromServer) => counterpart.listRoots(request),
  );
  client.fallbackNotificationHandler = (notification: FromServer) =>
    Promise.resolve(counterpart.notified(notification));
  const transport = transportTo(target);
  await client.connect(transport);
  overhear(transport, counterpart);
  return {
    verbs: client as unknown as Verbs,
    counterpart,
    server: {
      info: client.getServerVersion(),
      capabilities: client.getServerCapabilities(),
      instructions: client.getInstructions(),
    },
    callTool: (name: string, args?: Result, options?: CallOptions) =>
      client.callTool({ name, arguments: args }, undefined, options),
    request: (method: string, params?: Result, options?: CallOptions) =>
      client.request({ method, params }, ResultSchema, options),
    [Symbol.asyncDispose]: () => leave(client, transport),
  };
}

function transportTo(target: Target) {
  if (target.transport === "stdio") {
    const args = [...target.args];
    return new StdioClientTransport({
      command: target.command ?? "node",
      args,
      env: { ...getDefaultEnvironment(), ...target.env },
      stderr: "ignore",
    });
  }
  const authorization = `Bearer ${target.token}`;
  const requestInit = { headers: { authorization } };
  const options = { requestInit, fetch: target.fetch };
  const url = new URL(target.url);
  return target.transport === "sse"
    ? new SSEClientTransport(url, options)
    : new StreamableHTTPClientTransport(url, options);
}

async function leave(
  client: Client,
  transport: ReturnType<typeof transportTo>,
): Promise<void> {
  if (transport instanceof StreamableHTTPClientTransport) {
    await transport.terminateSession();
  }
  await client.close();
}
