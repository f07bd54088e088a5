// The face that both generations of the official SDK client have in tests.

import type {
  Client,
  McpSubscription,
  SubscriptionFilter,
} from "@modelcontextprotocol/client";
import type { Counterpart } from "./counterpart.ts";

/** What a client connects to. */
export type Target =
  | {
    readonly transport: "stdio";
    /** `node` when absent. */
    readonly command?: string;
    readonly args: readonly string[];
    /** Added to what the SDK itself lets through. */
    readonly env?: Readonly<Record<string, string>>;
  }
  | {
    readonly transport: "sse" | "streamable-http";
    readonly url: string;
    readonly token?: string;
    /** What it asks by; that of the runtime when absent. */
    readonly fetch?: Fetch;
  };

/** `fetch`, or what trusts more than it. */
export type Fetch = (
  url: string | URL,
  init?: RequestInit,
) => Promise<Response>;

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
  /** Listens to changes, in the modern era. */
  listen?(filter: SubscriptionFilter): Promise<McpSubscription>;
  /** Any request by its method. */
  request(
    method: string,
    params?: Result,
    options?: CallOptions,
  ): Promise<Result>;
}

/** How a v2 client finds out what the server speaks. */
export type Negotiation = "legacy" | "auto" | "modern";
