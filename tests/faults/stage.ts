// Plays a case of the table through: what the client is told at the fault, and by the next call.

import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { FaultBackend, FaultPhase } from "../support/fault_backend.ts";
import { CLIENT_NAME } from "../support/fault_client.ts";
import type { FaultClient, Told } from "../support/fault_client.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import type { FaultPair } from "./fault_pairs.ts";
import type { FaultRow } from "./fault_row.ts";

/** What limits of time are set to where they end the wait. */
export const SHORT_LIMIT_MS = 1_500;

/** What counts as at once, where many cases share two processors. */
const PROMPTLY_MS = 2_000;
/** The same for what needs a process to be started first. */
const START_MS = 4_000;
/** How long a server may take to be there again: its predecessor is given 5 s to go. */
const RESTART_MS = 6_000;
/** How long it may take that runs again after it was down: the gateway does not try all the time. */
const RECOVERY_MS = 8_000;
const RETRY_MS = 50;
const LIST_CHANGED = /^notifications\/.*\/list_changed$/;

/** Everyone there is. */
export interface Cast {
  readonly row: FaultRow;
  readonly pair: FaultPair;
  readonly backend: FaultBackend;
  readonly gateway: InProcessGateway;
  readonly client: FaultClient;
}

/** One case on its way. */
export class Stage {
  readonly #row: FaultRow;
  readonly #backend: FaultBackend;
  readonly #gateway: InProcessGateway;
  readonly #client: FaultClient;
  readonly #pair: FaultPair;
  readonly #livesBefore: number;

  constructor({ row, pair, backend, gateway, client }: Cast) {
    this.#row = row;
    this.#pair = pair;
    this.#backend = backend;
    this.#gateway = gateway;
    this.#client = client;
    this.#livesBefore = this.#allLives();
  }

  /** Plays the fault in a phase and what comes after it. */
  async play(phase: FaultPhase): Promise<void> {
    switch (phase) {
      case "connecting":
      case "initialising":
        return await this.#beforeUse(phase);
      case "idle":
        await this.#begin();
        await this.#whileIdle();
        break;
      case "calling":
        await this.#begin();
        await this.#inCall();
        break;
      case "streaming":
        await this.#begin();
        await this.#inStream();
    }
    await this.#goOn();
    this.#assertLists();
  }

  /** The handshake fails, and the next one works. */
  async #beforeUse(phase: FaultPhase): Promise<void> {
    this.#order(phase);
    const start = performance.now();
    this.#assertFailed(await this.#client.initialize(), start, START_MS);
    assert.equal(this.#client.session, undefined);
    const { after } = this.#row;
    if (after === "is over") return;
    if (after === "waits") await this.#backend.comeUp();
    if (this.#isHeldUp) await this.#beginsLater();
    else await this.#begin();
    await this.#works();
  }

  /** All that one token asks of a modern server goes to one child: the next one waits until a deaf one is gone, longer than such a limit. */
  get #isHeldUp(): boolean {
    const { backend } = this.#pair;
    return backend === "modern-stdio" && this.#row.noticed !== undefined;
  }

  async #beginsLater(): Promise<void> {
    const start = performance.now();
    while ((await this.#client.initialize()).message?.error) {
      assertWithin(start, RECOVERY_MS);
    }
  }

  async #begin(): Promise<void> {
    const { message } = await this.#client.initialize();
    assert.ok(message?.result, JSON.stringify(message));
  }

  async #whileIdle(): Promise<void> {
    await this.#works();
    this.#order("idle");
    await this.#client.notify("x/idle");
    const { after, hit } = this.#row;
    const dies = hit === "all" &&
      (after === "begins anew" || after === "waits");
    // Over Streamable HTTP there is no connection whose end could be noticed.
    const { isChild, kind } = this.#backend;
    if (!dies || !isChild && kind !== "sse") return;
    await this.#gateway.logged("Backend failed", { server: "far" });
  }

  /** A call during which it happens, beside one that waits. */
  async #inCall(): Promise<void> {
    const wait = this.#client.call("wait");
    this.#order("calling");
    const start = performance.now();
    await this.#assertHit(this.#client.call("fault"), wait, start);
  }

  /** A call of which the client has heard something already. */
  async #inStream(): Promise<void> {
    const wait = this.#client.call("wait");
    const stream = this.#client.call("stream");
    await this.#client.hears("notifications/progress");
    this.#order("streaming");
    const start = performance.now();
    await this.#client.notify("x/now");
    await this.#assertHit(stream, wait, start);
  }

  async #assertHit(
    one: Promise<Told>,
    other: Promise<Told>,
    start: number,
  ): Promise<void> {
    other.catch(() => {
      // Looked at below, unless the first has failed already.
    });
    const { hit } = this.#row;
    const oneFails = hit === "one" || hit === "all";
    if (oneFails) this.#assertFailed(await one, start, PROMPTLY_MS);
    else assertAnswered(await one);
    if (hit === "all" || hit === "others") {
      return this.#assertFailed(await other, start, PROMPTLY_MS);
    }
    await this.#client.notify("x/release");
    assertAnswered(await other);
  }

  async #goOn(): Promise<void> {
    switch (this.#row.after) {
      case "goes on":
        await this.#works();
        return await this.#assertLives(1);
      case "listens anew":
        await this.#works();
        return await this.#assertToldOfLists();
      case "stays deaf": {
        const start = performance.now();
        const told = await this.#client.call("echo");
        return this.#assertFailed(told, start, PROMPTLY_MS);
      }
      case "waits":
        await this.#isDown();
        await this.#backend.comeUp();
        await this.#recovers();
        return await this.#assertAnew();
      case "begins anew": {
        const start = performance.now();
        await this.#works();
        assertWithin(start, RESTART_MS);
        return await this.#assertAnew();
      }
    }
  }

  /** A call is answered, by a server that has had the client's own handshake. */
  async #works(): Promise<void> {
    const { result } = assertAnswered(await this.#client.call("echo"));
    const { client, initialized } = result as Record<string, unknown>;
    assert.deepEqual([client, initialized], [CLIENT_NAME, true]);
  }

  async #isDown(): Promise<void> {
    const start = performance.now();
    const { message } = await this.#client.call("echo");
    const { fault } = (message?.error?.data ?? {}) as { fault?: string };
    assert.equal(fault, "backend_unavailable", JSON.stringify(message));
    assertWithin(start, PROMPTLY_MS);
  }

  async #recovers(): Promise<void> {
    const start = performance.now();
    let told = await this.#client.call("echo");
    while (told.message?.error) {
      assertWithin(start, RECOVERY_MS);
      await delay(RETRY_MS);
      told = await this.#client.call("echo");
    }
    assertAnswered(told);
  }

  async #assertAnew(): Promise<void> {
    await this.#assertLives(2);
    await this.#assertToldOfLists();
  }

  /** A modern client over Streamable HTTP has lost its stream with that of the server, and opens another one itself. */
  async #assertToldOfLists(): Promise<void> {
    if (this.#losesItsStream) await this.#client.streamEnd;
    else await this.#client.hears("notifications/tools/list_changed");
  }

  get #losesItsStream(): boolean {
    const { client, backend } = this.#pair;
    return client === "exchanges" && backend === "modern-http";
  }

  /** Of lists that cannot have changed, or of which the server does not tell, nothing is said. */
  #assertLists(): void {
    const { after } = this.#row;
    const changed = !this.#losesItsStream &&
      (after === "listens anew" || after === "begins anew" ||
        after === "waits");
    const heard = this.#client.heard.all.map(({ method }) => method ?? "")
      .filter((method) => LIST_CHANGED.test(method));
    const expected = changed ? ["notifications/tools/list_changed"] : [];
    assert.deepEqual(heard, expected);
  }

  #assertFailed(told: Told, start: number, limitMs: number): void {
    const { error } = told.message ?? {};
    assert.ok(error, JSON.stringify(told));
    assert.match(error.message, this.#row.text);
    const { fault } = error.data as { readonly fault: string };
    assert.equal(fault, this.#row.fault);
    assertWithin(start, this.#row.noticed ? limitMs + SHORT_LIMIT_MS : limitMs);
  }

  #order(phase: FaultPhase): void {
    const { order } = this.#row;
    if (order) this.#backend.order(phase, order);
  }

  /** A modern server over HTTP has none that could be counted. */
  async #assertLives(expected: number): Promise<void> {
    if (this.#pair.backend === "modern-http") return;
    await this.#gateway.logText();
    assert.equal(this.#allLives() - this.#livesBefore, expected);
  }

  /** How often the server has begun, for all clients: sessions, or children where it has none. */
  #allLives(): number {
    if (!this.#backend.isModern) return this.#backend.count("initialize");
    return this.#gateway.log.filter(({ msg }) => msg === "Backend started")
      .length;
  }
}

function assertAnswered(told: Told) {
  assert.ok(told.message?.result, JSON.stringify(told));
  return told.message;
}

function assertWithin(start: number, limitMs: number): void {
  const took = performance.now() - start;
  assert.ok(took < limitMs, `it took ${took} ms`);
}
