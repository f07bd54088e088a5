// One kind of MCP server over each of the three transports, to stand behind a gateway.

import type { Target } from "./official_client.ts";
import type { ServerProcess } from "./server_process.ts";

/** The transports on the backend's side. */
export const BACKEND_TRANSPORTS = ["stdio", "sse", "streamable-http"] as const;
export type BackendTransport = (typeof BACKEND_TRANSPORTS)[number];

/** A server that listens. */
export interface Listening {
  readonly server: ServerProcess;
  readonly url: string;
}

/** How servers of one kind are started. */
export interface ServersOptions {
  /** Of node, for the one over stdio, which its clients start. */
  readonly stdioArgs: readonly string[];
  /** What clients of the other era are to see of the one over stdio, when it matters. */
  readonly bridge?: string;
  /** Starts one that listens. */
  listening(transport: "sse" | "streamable-http"): Promise<Listening>;
}

/** Three servers; disposing of them ends the two that listen. */
export class Servers implements AsyncDisposable {
  /** How a client reaches each of them without a gateway. */
  readonly direct: Readonly<Record<BackendTransport, Target>>;
  readonly #listening: readonly Listening[];
  readonly #bridge?: string;

  private constructor(
    { stdioArgs: args, bridge }: ServersOptions,
    sse: Listening,
    streamable: Listening,
  ) {
    this.#bridge = bridge;
    this.direct = {
      stdio: { transport: "stdio", args },
      sse: { transport: "sse", url: sse.url },
      "streamable-http": { transport: "streamable-http", url: streamable.url },
    };
    this.#listening = [sse, streamable];
  }

  static async start(options: ServersOptions): Promise<Servers> {
    const sse = await options.listening("sse");
    try {
      const streamable = await options.listening("streamable-http");
      return new this(options, sse, streamable);
    } catch (error) {
      await sse.server[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Their entries in a config. */
  get mcpServers(): Readonly<Record<string, unknown>> {
    const { stdio, ...listening } = this.direct;
    const { args } = stdio as { readonly args: readonly string[] };
    const bridge = this.#bridge && { bridge: this.#bridge };
    return {
      [overTransport("stdio")]: { command: "node", args, ...bridge },
      [overTransport("sse")]: listening.sse,
      [overTransport("streamable-http")]: listening["streamable-http"],
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      this.#listening.map(({ server }) => server[Symbol.asyncDispose]()),
    );
  }
}

/** The name in `mcpServers`; that of the transport itself is taken by the gateway's paths. */
export function overTransport(transport: BackendTransport): string {
  return `over-${transport}`;
}
