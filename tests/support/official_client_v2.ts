// `@modelcontextprotocol/client`: the second generation of the official client, which knows both eras.

import {
  Client,
  SSEClientTransport,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import type { SubscriptionFilter } from "@modelcontextprotocol/client";
import {
  getDefaultEnvironment,
  StdioClientTransport,
} from "@modelcontextprotocol/client/stdio";
import { z } from "zod";
import { LATEST_MODERN_REVISION } from "../../lib/protocol/versions.ts";
import { overhear } from "./counterpart.ts";
import type { Counterpart } from "./counterpart.ts";
import type {
  CallOptions,
  Negotiation,
  OfficialClient,
  Result,
  Target,
} from "./official_client.ts";

/** Connects a client that answers with `counterpart`. */
export async function connectV2(
  target: Target,
  counterpart: Counterpart,
  mode: Negotiation,
): Promise<OfficialClient> {
  const { info, capabilities } = counterpart;
  const versionNegotiation = mode === "modern"
    ? { mode: { pin: LATEST_MODERN_REVISION } }
    : { mode };
  const client = new Client(info, { capabilities, versionNegotiation });
  client.setRequestHandler(
    "sampling/createMessage",
    (request) => counterpart.sample(request),
  );
  client.setRequestHandler(
    "elicitation/create",
    (request) => counterpart.elicit(request),
  );
  client.setRequestHandler(
    "roots/list",
    (request) => counterpart.listRoots(request),
  );
  client.fallbackNotificationHandler = (notification) =>
    Promise.resolve(counterpart.notified(notification));
  const transport = transportTo(target);
  await client.connect(transport);
  overhear(transport, counterpart);
  return {
    verbs: client,
    counterpart,
    era: client.getProtocolEra(),
    server: {
      info: client.getServerVersion(),
      capabilities: client.getServerCapabilities(),
      instructions: client.getInstructions(),
    },
    callTool: (name: string, args?: Result, options?: CallOptions) =>
      client.callTool({ name, arguments: args }, options),
    listen: (filter: SubscriptionFilter) => client.listen(filter),
    request: (method: string, params?: Result, options?: CallOptions) =>
      client.request({ method, params }, z.looseObject({}), options),
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
