// A client in good order beside one that is not: it must not notice anything of it.

import assert from "node:assert/strict";
import type {
  FaultClient,
  FaultClientOptions,
} from "../support/fault_client.ts";
import type { Told } from "../support/fault_client.ts";
import { faultClient } from "../support/fault_clients.ts";
import type { ClientKind } from "./fault_pairs.ts";

const NAME = "onlooker";
/** Its requests are told apart by their ids in the journal of a server. */
const FIRST_ID = 1_000;
/** What counts as at once, where many cases, some of them floods, share two processors with other tests: 3.2 s were seen. */
const PROMPTLY_MS = 4_000;

/** The other client; disposing of it is leaving. */
export class Onlooker implements AsyncDisposable {
  readonly #client: FaultClient;
  #call: Promise<Told> | undefined;

  private constructor(client: FaultClient) {
    this.#client = client;
  }

  /** Begins its session. */
  static async begin(
    transport: ClientKind,
    options: FaultClientOptions,
  ): Promise<Onlooker> {
    const mine = { ...options, name: NAME, firstId: FIRST_ID };
    const client = faultClient(transport, mine);
    const { message } = await client.initialize();
    assert.ok(message?.result, JSON.stringify(message));
    return new Onlooker(client);
  }

  /** Begins a call that is answered at the end. */
  call(): void {
    this.#call = this.#client.call("wait");
    this.#call.catch(() => {
      // Told at the end.
    });
  }

  /** A call is answered promptly, with what belongs to its session. */
  async works(): Promise<void> {
    const start = performance.now();
    this.#assertMine(await this.#client.call("echo"));
    const took = performance.now() - start;
    assert.ok(took < PROMPTLY_MS, `a call of another took ${took} ms`);
  }

  /** Its own call is answered, it has heard nothing that is not its own, and ends its session. */
  async end(): Promise<void> {
    await this.#client.notify("x/release");
    if (this.#call) this.#assertMine(await this.#call);
    assert.deepEqual(this.#client.heard.all, []);
    await this.#client.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#client.leave();
  }

  #assertMine({ status, message }: Told): void {
    const told = JSON.stringify({ status, message });
    assert.equal((message?.result as { client?: string })?.client, NAME, told);
  }
}
