// Many faults of clients in a row, for what cannot be seen of a single one: whether a little is left of each.

import { FaultBackend } from "../support/fault_backend.ts";
import { faultClient } from "../support/fault_clients.ts";
import { BACKEND_TRANSPORTS, overTransport } from "../support/servers.ts";
import type { BackendTransport } from "../support/servers.ts";
import { PAIRS } from "../support/world.ts";
import type { Pair } from "../support/world.ts";
import type { ClientFaultRow } from "./client_fault_row.ts";
import { QUICK_FAULTS_OF_CLIENTS } from "./faults_of_clients.ts";
import { reach } from "./phases_of_clients.ts";

/** Requests of one client. */
const IDS = 100;

/** The limits that the faults are about, as `proxy.limits`. */
export const LIMITS_OF_ROUNDS = { clientMessage: "4KiB" };

/** Servers of all transports, and the clients that misbehave towards them. */
export class ClientRounds implements AsyncDisposable {
  readonly #backends: readonly FaultBackend[];
  #clients = 0;

  private constructor(backends: readonly FaultBackend[]) {
    this.#backends = backends;
  }

  /** Starts the servers. */
  static async start(): Promise<ClientRounds> {
    return new this(
      await Promise.all(
        BACKEND_TRANSPORTS.map((one) => FaultBackend.start(one)),
      ),
    );
  }

  /** For the config of a gateway. */
  get mcpServers(): Record<string, unknown> {
    return Object.fromEntries(
      this.#backends.map((one, at) => [
        overTransport(BACKEND_TRANSPORTS[at] as BackendTransport),
        one.entry(),
      ]),
    );
  }

  /** Plays every row with every pair, in another phase each round; resolves when no server has an answer open. */
  async play(round: number, url: string, token: string): Promise<void> {
    await Promise.all(this.#backends.map(async (backend) => {
      for (const pair of PAIRS) {
        if (pair.backend !== backend.kind) continue;
        for (const row of QUICK_FAULTS_OF_CLIENTS) {
          if (!row.clients.includes(pair.client)) continue;
          await this.#play(row, pair, { round, url, token, backend });
        }
      }
      await backend.quiet();
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#backends.map((one) => one[Symbol.asyncDispose]()));
  }

  async #play(
    { phases, deed }: ClientFaultRow,
    pair: Pair,
    { round, url, token, backend }: {
      readonly round: number;
      readonly url: string;
      readonly token: string;
      readonly backend: FaultBackend;
    },
  ): Promise<void> {
    const phase = phases[round % phases.length];
    if (phase === undefined) return;
    const server = overTransport(pair.backend);
    const firstId = IDS * this.#clients++;
    await using client = faultClient(pair.client, {
      url,
      server,
      token,
      firstId,
    });
    await reach(phase, client, backend);
    await deed(client, phase, backend);
    await client.end();
  }
}
