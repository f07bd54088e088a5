// A client's session that begins with `initialize`, has an id, and belongs to nobody else.

import type { Heard } from "./pending_calls.ts";
import { SoakSession } from "./session.ts";
import type { Running, SessionOptions } from "./session.ts";
import { isOneChild } from "../servers/servers.ts";
import type { World } from "../world.ts";

/** See `SoakSession`. */
export abstract class LegacySession extends SoakSession {
  /** The id that the gateway gave. */
  abstract readonly id: string | undefined;

  constructor(options: SessionOptions, world: World) {
    super(options, options.name, world);
  }

  get sharing(): string | undefined {
    return isOneChild(this.server) ? this.shared : undefined;
  }

  nonce(): string {
    return `${this.name}/${this.next()}`;
  }

  /** What the gateway answers to one more message of this session. */
  abstract status(
    method: "GET" | "POST" | "DELETE",
  ): Promise<{ status: number }>;

  greeting(fault?: string): Heard {
    return this.request("initialize", {
      protocolVersion: this.options.revision,
      capabilities: this.capabilities(fault),
      clientInfo: { name: this.identity, version: "1" },
    });
  }

  serverIn(result: unknown): string | undefined {
    const { serverInfo } = result as { serverInfo?: { name?: string } };
    return serverInfo?.name;
  }

  takeBack({ id }: Running): void {
    const params = { requestId: id, reason: "the soak says so" };
    this.pending.settle(id, { kind: "left" });
    this.say({ jsonrpc: "2.0", method: "notifications/cancelled", params });
  }

  mayRefuse(): boolean {
    return false;
  }
}
