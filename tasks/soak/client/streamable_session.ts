// A client's session over Streamable HTTP.

import { setTimeout as delay } from "node:timers/promises";
import { eventsOf } from "../wire/events.ts";
import { Exchange } from "../wire/exchange.ts";
import type { Asked } from "../wire/exchange.ts";
import type { Heard, Outcome } from "./pending_calls.ts";
import { LegacySession } from "./legacy_session.ts";
import { headersOf } from "./session.ts";
import type { Running } from "./session.ts";
import { ConnectionBroken } from "../wire/socket_reader.ts";

/** One POST, or the GET that continues it. */
interface Call extends Running {
  readonly message: Heard;
  exchange: Exchange;
  interrupted: boolean;
  held?: Promise<void>;
  seen?: string;
  readonly first: (id: string | undefined) => void;
}

/** See `SoakSession`. */
export class StreamableSession extends LegacySession {
  readonly transport = "streamable-http";
  #id?: string;

  get id(): string | undefined {
    return this.#id;
  }

  get path(): string {
    return `/${this.server.name}/mcp`;
  }

  async open(initialize: Heard): Promise<Outcome> {
    const outcome = await this.start(initialize).outcome;
    if (outcome.kind !== "result") {
      this.state = "over";
      return outcome;
    }
    this.state = "open";
    this.say({ jsonrpc: "2.0", method: "notifications/initialized" });
    return outcome;
  }

  start(message: Heard): Running {
    const id = message.id as string | number;
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    const outcome = this.pending.enter(id);
    const call: Call = {
      message,
      id,
      outcome,
      resumable: promise,
      first: resolve,
      interrupted: false,
      exchange: this.#ask(this.#post(message)),
      leave: (how) => {
        if (this.pending.waits(id)) this.pending.settle(id, { kind: "left" });
        if (how === "reset") call.exchange.reset();
        else call.exchange.leave();
      },
      interrupt: () => {
        call.interrupted = true;
        call.exchange.leave();
      },
      hold: (forMs) => {
        call.held = delay(forMs);
      },
    };
    outcome.then(() => resolve(undefined));
    const clear = this.limit(id, message.method ?? "");
    this.track(this.#follow(call).finally(clear));
    return call;
  }

  say(message: object): void {
    const exchange = this.#ask(this.#post(message));
    this.track(this.#accepted(exchange));
  }

  /** Waits for the answer to an interrupted call on a new connection. */
  resume(running: Running): void {
    const call = running as Call;
    call.interrupted = false;
    call.exchange = this.#ask(this.#get(call.seen));
    this.track(this.#follow(call));
  }

  /** Opens a stream for what belongs to no call. */
  listen(): Exchange {
    const exchange = this.#ask(this.#get());
    this.track(this.#hear(exchange));
    return exchange;
  }

  async stall(forMs: number): Promise<void> {
    this.excuses.stalledAt = performance.now();
    const exchange = this.#ask(this.#get());
    await delay(forMs);
    exchange.reset();
    this.exchanges.delete(exchange);
  }

  async end(): Promise<void> {
    if (this.state !== "open") return;
    this.state = "over";
    const { status } = await this.status("DELETE");
    if (status === 204 || this.world.signal.aborted) return;
    this.world.findings.fail(
      "unexpected refusal",
      `${this.described} got ${status} to DELETE`,
    );
  }

  async status(method: "GET" | "POST" | "DELETE") {
    const ping = this.request("ping", {});
    const asked = method === "POST"
      ? this.#post(ping)
      : { ...this.#get(), method };
    const exchange = this.#ask(asked);
    try {
      const { status } = await exchange.head();
      return { status };
    } finally {
      exchange.leave();
      this.exchanges.delete(exchange);
    }
  }

  #ask(asked: Asked): Exchange {
    const exchange = new Exchange(this.world.address, asked);
    this.exchanges.add(exchange);
    return exchange;
  }

  #headers(): Record<string, string> {
    const headers = headersOf(this.token);
    if (this.#id !== undefined) {
      headers["mcp-session-id"] = this.#id;
      headers["mcp-protocol-version"] = this.options.revision;
    }
    return headers;
  }

  #post(message: object): Asked {
    const headers = {
      ...this.#headers(),
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    };
    const body = JSON.stringify(message);
    return { method: "POST", path: this.path, headers, body };
  }

  #get(lastEventId?: string): Asked {
    const headers = this.#headers();
    headers.accept = "text/event-stream";
    if (lastEventId !== undefined) headers["last-event-id"] = lastEventId;
    return { method: "GET", path: this.path, headers };
  }

  /** Reads the answer to a request to its end. */
  async #follow(call: Call): Promise<void> {
    const { exchange, id } = call;
    try {
      await this.#read(call);
      if (!call.interrupted) this.lose(id, "the answer ended without it");
    } catch (error) {
      if (!(error instanceof ConnectionBroken)) throw error;
      if (exchange.left || call.interrupted) return;
      this.lose(id, `${error.message} before the answer`);
    } finally {
      this.exchanges.delete(exchange);
    }
  }

  async #read(call: Call): Promise<void> {
    const { exchange, id } = call;
    await call.held;
    const { status, headers } = await exchange.head();
    const type = headers.get("content-type") ?? "";
    if (status === 200 && type.startsWith("text/event-stream")) {
      this.#began(headers.get("mcp-session-id"));
      for await (const event of eventsOf(exchange)) {
        call.seen = event.id;
        if (event.data === "") call.first(event.id);
        else this.pending.take(JSON.parse(event.data));
      }
      return;
    }
    const text = await exchange.text();
    if (status === 200) {
      this.#began(headers.get("mcp-session-id"));
      this.pending.take(JSON.parse(text));
    } else if (this.pending.waits(id)) {
      this.pending.settle(id, { kind: "refused", status, text });
    }
  }

  #began(id: string | undefined): void {
    if (this.#id !== undefined || id === undefined) return;
    this.#id = id;
    this.world.secrets.addSession(id);
  }

  /** A notification or an answer: 202, or a refusal that means that the session or the room for it is gone. */
  async #accepted(exchange: Exchange): Promise<void> {
    try {
      const { status } = await exchange.head();
      await exchange.text();
      if (status === 202) return;
      this.world.findings.count(`refused ${status}`);
      if (status === 404) this.lost("is not known any more");
      else if (status !== 429 && status !== 503) this.#strange(status);
    } catch (error) {
      if (!(error instanceof ConnectionBroken)) throw error;
      if (!exchange.left) this.#strange(undefined);
    } finally {
      this.exchanges.delete(exchange);
    }
  }

  async #hear(exchange: Exchange): Promise<void> {
    try {
      const { status } = await exchange.head();
      if (status === 404) return this.lost("is not known any more");
      if (status !== 200) return this.#strange(status);
      for await (const event of eventsOf(exchange)) {
        if (event.data !== "") this.pending.take(JSON.parse(event.data));
      }
    } catch (error) {
      if (!(error instanceof ConnectionBroken)) throw error;
      if (!exchange.left) this.#strange(undefined);
    } finally {
      this.exchanges.delete(exchange);
    }
  }

  #strange(status: number | undefined): void {
    if (this.state !== "open") return;
    const how = status === undefined ? "a broken connection" : status;
    const text = `${this.described} got ${how}`;
    this.world.findings.fail("unexpected refusal", text);
  }
}
