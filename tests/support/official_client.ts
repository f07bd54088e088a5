// The official SDK clients, both generations behind one face, with everything switched on that a client can declare.

import type { Client } from "@modelcontextprotocol/client";
import { connectV1 } from "./official_client_v1.ts";
import { connectV2 } from "./official_client_v2.ts";
import { Seen } from "./seen.ts";

/** The generations of the SDK: `@modelcontextprotocol/sdk` and `@modelcontextprotocol/client`. */
export const SDKS = ["v1", "v2"] as const;
export type Sdk = (typeof SDKS)[number];

/** What a client connects to. */
export type Target =
  | { readonly transport: "stdio"; readonly args: readonly string[] }
  | {
    readonly transport: "sse" | "streamable-http";
    readonly url: string;
    readonly token?: string;
  };

/** A request or notification that the server sent. */
export interface FromServer {
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** How a call is made. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  onprogress?(progress: { progress: number; total?: number }): void;
}

/** Any result. */
export type Result = Readonly<Record<string, unknown>>;

/** What both generations have alike; only the names of their types differ. */
export type Verbs = Pick<
  Client,
  | "complete"
  | "getPrompt"
  | "listPrompts"
  | "listResources"
  | "listResourceTemplates"
  | "listTools"
  | "ping"
  | "readResource"
  | "sendRootsListChanged"
  | "setLoggingLevel"
  | "subscribeResource"
  | "unsubscribeResource"
>;

/** One connected client. Closing it ends its session. */
export interface OfficialClient extends AsyncDisposable {
  readonly verbs: Verbs;
  /** What the server said of itself in the handshake. */
  readonly server: Result;
  /** `legacy` or `modern`, where the SDK knows eras. */
  readonly era?: string;
  readonly counterpart: Counterpart;
  callTool(name: string, args?: Result, options?: CallOptions): Promise<Result>;
  /** Any request by its method. */
  request(
    method: string,
    params?: Result,
    options?: CallOptions,
  ): Promise<Result>;
}

/** How a v2 client finds out what the server speaks. */
export type Negotiation = "legacy" | "auto";

/** How a client connects, when it matters. */
export interface OfficialOptions {
  readonly negotiation?: Negotiation;
  readonly roots?: Counterpart["roots"];
}

/** Connects a client of one generation. */
export function connectOfficial(
  sdk: Sdk,
  target: Target,
  { negotiation = "legacy", roots }: OfficialOptions = {},
): Promise<OfficialClient> {
  const counterpart = new Counterpart();
  if (roots) counterpart.roots = roots;
  return sdk === "v1"
    ? connectV1(target, counterpart)
    : connectV2(target, counterpart, negotiation);
}

/** The client's side of what servers ask and tell: it records everything, and answers as a willing user would. */
export class Counterpart {
  readonly info = { name: "official", version: "1.0.0" };
  readonly capabilities = {
    sampling: {},
    elicitation: { form: {}, url: {} },
    roots: { listChanged: true },
  };
  readonly requests = new Seen<FromServer>(show);
  readonly notifications = new Seen<FromServer>(show);
  roots: readonly { readonly uri: string; readonly name: string }[] = [
    { uri: "file:///first", name: "first" },
  ];

  notified({ method, params }: FromServer): void {
    this.notifications.add({ method, params });
  }

  sample({ method, params }: FromServer) {
    this.requests.add({ method, params });
    return {
      model: "a-model",
      role: "assistant" as const,
      stopReason: "endTurn",
      content: { type: "text" as const, text: "a sampled answer: ünï↯😀" },
    };
  }

  elicit({ method, params }: FromServer) {
    this.requests.add({ method, params });
    const action = "accept" as const;
    if (params?.mode === "url") return { action };
    const content: Record<string, string | boolean> =
      JSON.stringify(params).includes("interpretation")
        ? { interpretation: "technical" }
        : { name: "Ada", check: true };
    return { action, content };
  }

  listRoots({ method, params }: FromServer) {
    this.requests.add({ method, params });
    return { roots: [...this.roots] };
  }
}

function show(item: FromServer): string {
  return JSON.stringify(item);
}
