// A client's session over HTTP+SSE.

import { setTimeout as delay } from "node:timers/promises";
import { eventsOf } from "../wire/events.ts";
import { Exchange } from "../wire/exchange.ts";
import type { Heard, Outcome } from "./pending_calls.ts";
import { LegacySession } from "./legacy_session.ts";
import { headersOf, LOST_AFTER_MS } from "./session.ts";
import type { Running } from "./session.ts";
import { ConnectionBroken } from "../wire/socket_reader.ts";

/** See `SoakSession`. */
export class SseSession extends LegacySession {
  readonly transport = "sse";
  readonly #endpoint = Promise.withResolvers<string | Outcome>();
  #stream?: Exchange;
  #path = "";
  #gate?: Promise<void>;

  get id(): string | undefined {
    return /sessionId=([\w-]+)/.exec(this.#path)?.[1];
  }

  /** Where messages are posted to. */
  get path(): string {
    return this.#path;
  }

  async open(initialize: Heard): Promise<Outcome> {
    const path = `/${this.server.name}/sse`;
    const headers = { ...headersOf(this.token), accept: "text/event-stream" };
    this.#stream = new Exchange(this.world.address, {
      method: "GET",
      path,
      headers,
    });
    this.exchanges.add(this.#stream);
    this.track(this.#hear(this.#stream));
    const late = setTimeout(() => this.#late(), LOST_AFTER_MS);
    const endpoint = await this.#endpoint.promise;
    clearTimeout(late);
    if (typeof endpoint !== "string") {
      this.state = "over";
      return endpoint;
    }
    this.#path = endpoint;
    this.world.secrets.addSession(this.id ?? "");
    const outcome = await this.start(initialize).outcome;
    if (outcome.kind === "result") {
      this.state = "open";
      this.say({ jsonrpc: "2.0", method: "notifications/initialized" });
    } else this.#close();
    return outcome;
  }

  start(message: Heard): Running {
    const id = message.id as string | number;
    const outcome = this.pending.enter(id);
    const clear = this.limit(id, message.method ?? "");
    outcome.then(clear);
    this.track(this.#post(message, id));
    const leave = () => {
      if (this.pending.waits(id)) this.pending.settle(id, { kind: "left" });
    };
    const resumable = outcome.then(() => undefined);
    return { id, outcome, resumable, leave, interrupt() {}, hold() {} };
  }

  say(message: object): void {
    this.track(this.#post(message));
  }

  async stall(forMs: number): Promise<void> {
    this.excuses.stalledAt = performance.now();
    this.#gate = delay(forMs);
    await this.#gate;
    this.#gate = undefined;
  }

  end(): Promise<void> {
    this.#close();
    return Promise.resolve();
  }

  override vanish(): void {
    super.vanish();
    this.#endpoint.resolve({ kind: "left" });
  }

  async status(): Promise<{ status: number }> {
    const exchange = this.#ask({ jsonrpc: "2.0", method: "notifications/x" });
    try {
      const { status } = await exchange.head();
      return { status };
    } finally {
      exchange.leave();
      this.exchanges.delete(exchange);
    }
  }

  #close(): void {
    this.state = "over";
    this.pending.settleAll({ kind: "left" });
    this.#stream?.leave();
  }

  async #hear(stream: Exchange): Promise<void> {
    try {
      const { status } = await stream.head();
      if (status !== 200) {
        const text = await stream.text();
        return this.#endpoint.resolve({ kind: "refused", status, text });
      }
      for await (const { event, data } of eventsOf(stream)) {
        await this.#gate;
        if (event === "endpoint") this.#endpoint.resolve(data);
        else if (data !== "") this.pending.take(JSON.parse(data));
      }
      this.#ended("saw its stream end");
    } catch (error) {
      if (!(error instanceof ConnectionBroken)) throw error;
      this.#ended("saw its stream break");
    } finally {
      this.exchanges.delete(stream);
      this.#endpoint.resolve({ kind: "left" });
    }
  }

  #late(): void {
    this.world.findings.fail("lost answer", `${this.described}: no endpoint`);
    this.vanish();
  }

  #ended(how: string): void {
    for (const id of this.pending.ids()) this.lose(id, how);
    this.lost(how);
  }

  #ask(message: object): Exchange {
    const headers = {
      ...headersOf(this.token),
      "content-type": "application/json",
    };
    const body = JSON.stringify(message);
    const path = this.#path;
    const asked = { method: "POST", path, headers, body };
    const exchange = new Exchange(this.world.address, asked);
    this.exchanges.add(exchange);
    return exchange;
  }

  async #post(message: object, id?: string | number): Promise<void> {
    const exchange = this.#ask(message);
    try {
      const { status } = await exchange.head();
      const text = await exchange.text();
      if (status !== 202) this.#refused(status, text, id);
    } catch (error) {
      if (!(error instanceof ConnectionBroken)) throw error;
      if (!exchange.left) this.#refused(0, error.message, id);
    } finally {
      this.exchanges.delete(exchange);
    }
  }

  #refused(status: number, text: string, id?: string | number): void {
    if (id !== undefined && this.pending.waits(id)) {
      return this.pending.settle(id, { kind: "refused", status, text });
    }
    this.world.findings.count(`refused ${status}`);
    if (this.state !== "open" || status === 429 || status === 503) return;
    if (status === 404) return this.lost("is not known any more");
    const answer = `${this.described} got ${status}: ${text}`;
    this.world.findings.fail("unexpected refusal", answer);
  }
}
