// Plays a case of the table of clients through: what becomes of its session, of its calls, and of everyone else.

import assert from "node:assert/strict";
import { FLUSH_LIMIT_MS } from "../../lib/transports/backend/mailbox.ts";
import type { FaultBackend, FaultPhase } from "../support/fault_backend.ts";
import type { FaultClient } from "../support/fault_client.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import type { ClientFaultRow } from "./client_fault_row.ts";
import type { Onlooker } from "./onlooker.ts";
import { assertMine, begin, reach, works } from "./phases_of_clients.ts";
import type { UnderWay } from "./phases_of_clients.ts";

/** What counts as at once, where many cases share two processors. */
const PROMPTLY_MS = 2_000;
/** A handshake under way has that long to be answered, so that the session can be ended at the server. */
const LAST_HANDSHAKE_MS = PROMPTLY_MS + FLUSH_LIMIT_MS;
/** A session is over when its child is gone, which may take 5 s where it does not go by itself. */
const LAST_CHILD_MS = 6_000;
/** How long it may take until limits of 2 s for a call and 3 s for a session have ended both. */
const RUN_OUT_MS = 8_000;
/** The id of the first request of who begins anew. */
const NEXT_ID = 2_000;
/** What a server notes when the first request of its session is cancelled. */
const FIRST_CANCELLED = "cancelled 1";
/** The name of the token of the client. */
const TOKEN = "alice";

/** Everyone there is. */
export interface ClientCast {
  readonly row: ClientFaultRow;
  readonly backend: FaultBackend;
  readonly gateway: InProcessGateway;
  readonly client: FaultClient;
  readonly onlooker: Onlooker;
  /** Makes another client with the same token; the journal of a server tells requests apart by their ids. */
  newClient(firstId: number): FaultClient;
}

/** One case on its way. */
export class ClientStage {
  readonly #cast: ClientCast;
  #underWay?: UnderWay;

  constructor(cast: ClientCast) {
    this.#cast = cast;
  }

  /** Plays the fault in a phase and what comes after it. */
  async play(phase: FaultPhase): Promise<void> {
    const { row, client, backend, gateway, onlooker } = this.#cast;
    const { outcome, logs } = row;
    if (outcome !== "runs out") onlooker.call();
    this.#underWay = await reach(phase, client, backend);
    await row.deed(client, phase, backend);
    const start = performance.now();
    await onlooker.works();
    if (logs) await gateway.logged(logs.msg, logs.fields);
    await this.#after(phase, logs ? performance.now() : start);
    await onlooker.works();
  }

  async #after(phase: FaultPhase, start: number): Promise<void> {
    const { row, client, backend } = this.#cast;
    switch (row.outcome) {
      case "goes on":
        if (phase === "connecting") await begin(client);
        if (phase === "initialising") await this.#assertInitialised();
        await works(client);
        await this.#assertAnswered();
        return this.#assertNotCancelled();
      case "goes on without its calls":
        return await this.#assertGivenUp(phase);
      case "is there to come back to":
        await works(client);
        await this.#finish();
        await works(client);
        assert.equal(backend.count("initialize"), 2);
        return this.#assertNotCancelled();
      case "runs out":
        return await this.#assertRunsOut(start);
      case "is over":
        return await this.#assertOver(phase, start);
    }
  }

  /** Lets the server answer what is under way. */
  async #finish(): Promise<void> {
    for (const what of ["x/now", "x/release"]) {
      assert.equal(await this.#cast.client.notify(what), 202);
    }
  }

  async #assertInitialised(): Promise<void> {
    this.#cast.backend.order("initialising", { do: "answer" });
    const told = await this.#underWay?.told;
    assert.ok(told?.message?.result, JSON.stringify(told));
    this.#underWay = undefined;
  }

  async #assertAnswered(): Promise<void> {
    if (!this.#underWay) return;
    await this.#finish();
    assertMine(await this.#underWay.told);
  }

  #assertNotCancelled(): void {
    const lines = this.#cast.backend.journal;
    assert.deepEqual(lines.filter((line) => line.startsWith("cancelled")), []);
  }

  /** A call that nobody waits for is cancelled; what the gateway keeps for the token of its client goes on. */
  async #assertGivenUp(phase: FaultPhase): Promise<void> {
    const { client, backend } = this.#cast;
    if (phase === "initialising") {
      backend.order("initialising", { do: "answer" });
    }
    if (phase === "calling" || phase === "streaming") {
      await backend.noted(FIRST_CANCELLED);
    }
    await works(client);
    assert.equal(backend.count("initialize"), 2);
  }

  /** A call that nobody waits for is not taken for cancelled: its own limit ends it, and then that of the session. */
  async #assertRunsOut(start: number): Promise<void> {
    const { gateway, backend } = this.#cast;
    const { limit } = await gateway.logged("Session closed", {
      token_name: TOKEN,
    });
    assert.equal(limit, "idle");
    assertWithin(start, RUN_OUT_MS);
    if (!this.#underWay) return this.#assertNotCancelled();
    await backend.noted(`cancelled ${this.#underWay.id}`);
  }

  /** The session and its work end, and another can begin. */
  async #assertOver(phase: FaultPhase, start: number): Promise<void> {
    const { gateway, backend, client, newClient } = this.#cast;
    await gateway.logText();
    const opened = gateway.log.filter(({ msg, token_name }) =>
      msg === "Session opened" && token_name === TOKEN
    );
    for (const { session } of opened) {
      await gateway.logged("Session closed", { session });
    }
    assertWithin(start, endMs(phase, backend));
    await client.leave();
    const { id, told } = this.#underWay ?? {};
    const heard = await told;
    assert.ok(heard === undefined || heard.message?.error);
    // `initialize` must not be cancelled (S1125 `basic/utilities/cancellation` § Behavior Requirements).
    if (phase === "initialising") this.#assertNotCancelled();
    else if (id !== undefined) await backend.noted(`cancelled ${id}`);
    await using next = newClient(NEXT_ID);
    await begin(next);
    await works(next);
    await next.end();
  }
}

/** How long the end of a session may take. */
function endMs(phase: FaultPhase, { isChild }: FaultBackend): number {
  if (isChild) return LAST_CHILD_MS;
  return phase === "initialising" ? LAST_HANDSHAKE_MS : PROMPTLY_MS;
}

function assertWithin(start: number, limitMs: number): void {
  const took = performance.now() - start;
  assert.ok(took < limitMs, `it took ${took} ms`);
}
