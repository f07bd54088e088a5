// A client of the official library that comes in through the gateway's front door.

import type { Client, ClientLibrary } from "../../../deps.ts";
import type { Gateway, Secret } from "../../../mod.ts";
import { within } from "../../channel/within.ts";
import { VERSION } from "../../version.ts";
import { doorTo } from "./door.ts";

/** How long saying goodbye may take. */
const LEAVE_LIMIT_MS = 2_000;

/** Where a guest goes, and as whom. */
export interface Invitation {
  readonly library: ClientLibrary;
  readonly gateway: Gateway;
  /** Of the server behind the gateway. */
  readonly url: URL;
  readonly credential: Secret;
}

/** How long something may take. */
export interface Bounds {
  /** Fires when it is no longer waited for. */
  readonly signal: AbortSignal;
  /** The same time for what heeds no signal, in milliseconds. */
  readonly limitMs: number;
}

/** A client with its transport; who makes one sends it away again with `leave()`. */
export class Guest {
  readonly client: Client;
  readonly #transport: InstanceType<
    ClientLibrary["StreamableHTTPClientTransport"]
  >;

  constructor({ library, gateway, url, credential }: Invitation) {
    this.client = new library.Client(
      { name: "mcp-front check", version: VERSION },
      // In a session a server shows itself as it is; an exchange may be bridged.
      { versionNegotiation: { mode: "legacy" } },
    );
    this.#transport = new library.StreamableHTTPClientTransport(url, {
      fetch: doorTo(gateway, credential),
    });
  }

  /** Connects; rejects as the library's client does. */
  async enter({ signal, limitMs }: Bounds): Promise<void> {
    await this.client.connect(this.#transport, { signal, timeout: limitMs });
  }

  /** Ends the session, so that the server's process ends too. Never throws. */
  async leave(): Promise<void> {
    await within(this.#transport.terminateSession(), LEAVE_LIMIT_MS);
    await within(this.client.close(), LEAVE_LIMIT_MS);
  }
}
