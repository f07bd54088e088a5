// The SDK clients of both generations, with their own OAuth flows.

import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpV2,
} from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client";
import { SSEClientTransport as SseV1 } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport as HttpV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { LATEST_MODERN_REVISION } from "../../lib/protocol/versions.ts";
import type { Wallet } from "./oauth_wallet.ts";

/** Which client, and how it speaks. */
export type Speaker = "v1" | "v1 over SSE" | "v2" | "v2 modern";

/** All of them. */
export const SPEAKERS: readonly Speaker[] = [
  "v1",
  "v1 over SSE",
  "v2",
  "v2 modern",
];

/** What of a connected client is used. */
export interface Spoken extends AsyncDisposable {
  /** Absent where there are none. */
  readonly session: string | undefined;
  tools(): Promise<readonly string[]>;
  /** What a tool says. */
  call(name: string): Promise<string>;
  /** Finishes the flow that a refusal began. */
  finish(): Promise<void>;
}

/** Further headers of each request. */
export type HeaderFields = Readonly<Record<string, string>>;

/** Connects; where a browser is needed for that, it is used once. */
export async function connectByOAuth(
  speaker: Speaker,
  url: string,
  wallet: Wallet,
  headers: HeaderFields = {},
): Promise<Spoken> {
  try {
    return await connect(speaker, url, wallet, headers);
  } catch (error) {
    if (!wallet.callback) throw error;
    const { transport } = speaking(speaker, url, wallet, headers);
    await finish(transport, wallet);
    return await connect(speaker, url, wallet, headers);
  }
}

async function connect(
  speaker: Speaker,
  url: string,
  wallet: Wallet,
  headers: HeaderFields,
): Promise<Spoken> {
  const { client, transport } = speaking(speaker, url, wallet, headers);
  await client.connect(transport);
  return {
    get session() {
      return "sessionId" in transport ? transport.sessionId : undefined;
    },
    tools: async () => {
      const { tools } = await client.listTools();
      return tools.map(({ name }: { name: string }) => name);
    },
    call: async (name) => {
      const { content } = await client.callTool({ name, arguments: {} });
      return content[0].text;
    },
    finish: () => finish(transport, wallet),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** The first generation wants the code, the second all that came back. */
// deno-lint-ignore no-explicit-any
async function finish(transport: any, wallet: Wallet): Promise<void> {
  const callback = wallet.takeCallback();
  const isSecond = transport instanceof HttpV2;
  await transport.finishAuth(isSecond ? callback : callback.get("code"));
}

/** A client and the transport that it has not used yet. The types of the generations have nothing in common. */
function speaking(
  speaker: Speaker,
  address: string,
  wallet: Wallet,
  headers: HeaderFields,
) {
  const url = new URL(address);
  const info = { name: "test", version: "1" };
  const requestInit = { headers: { ...headers } };
  const versionNegotiation = speaker === "v2 modern"
    ? { mode: { pin: LATEST_MODERN_REVISION } }
    : { mode: "legacy" as const };
  const isFirst = speaker.startsWith("v1");
  const client = isFirst
    ? new ClientV1(info)
    : new ClientV2(info, { versionNegotiation });
  const Transport = isFirst ? speaker === "v1" ? HttpV1 : SseV1 : HttpV2;
  const options = { authProvider: wallet, requestInit };
  const transport = new Transport(url, options);
  // deno-lint-ignore no-explicit-any
  return { client, transport } as { client: any; transport: any };
}
