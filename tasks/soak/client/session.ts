// What a client does with one server of the gateway from its first request to its last, whichever transport carries it.

import type { Exchange } from "../wire/exchange.ts";
import { PendingCalls } from "./pending_calls.ts";
import type { Heard, Outcome } from "./pending_calls.ts";
import type { ClientKind } from "./client_kind.ts";
import { isOneChild } from "../servers/servers.ts";
import type { SoakServer, SoakToken } from "../servers/servers.ts";
import type { World } from "../world.ts";

/** The longest that anything may take: opening a server, and a request with progress, and some patience. */
export const LOST_AFTER_MS = 20_000;

/** What a session is opened with. */
export interface SessionOptions {
  readonly name: string;
  readonly server: SoakServer;
  readonly token: SoakToken;
  /** Asked for in `initialize`, or said in each request. */
  readonly revision: string;
  /** Whether its server may ask it something. */
  readonly canBeAsked: boolean;
  /** Whether it says something of itself that no other client does. */
  readonly isApart?: true;
}

/** A request under way. */
export interface Running {
  readonly id: string | number;
  readonly outcome: Promise<Outcome>;
  /** Resolves once there is a first event, if its answer is a stream that can be resumed, else when it is settled. */
  readonly resumable: Promise<string | undefined>;
  /** Drops its connection, if it has one of its own, and waits no more. */
  leave(how: "close" | "reset"): void;
  /** Drops its connection, and goes on waiting. */
  interrupt(): void;
  /** Reads nothing of its answer for a while, where it has one of its own. */
  hold(forMs: number): void;
}

/** What a session may be excused by, in times of `performance.now()`. */
export interface Excuses {
  /** Its server was made to fail. */
  crashedAt?: number;
  /** It did not read what it was sent. */
  stalledAt?: number;
  /** It dropped a stream on which it could have been asked something. */
  leftAt?: number;
}

/** One session. Its owner is the client that opened it. */
export abstract class SoakSession {
  readonly name: string;
  /** What its server knows it by. */
  readonly identity: string;
  readonly server: SoakServer;
  readonly token: SoakToken;
  readonly options: SessionOptions;
  readonly excuses: Excuses = {};
  readonly pending: PendingCalls;
  /** Whether it can be used. */
  state: "new" | "open" | "over" = "new";
  protected readonly world: World;
  /** Connections that are in use. */
  protected readonly exchanges = new Set<Exchange>();
  #calls = 0;
  readonly #work = new Set<Promise<void>>();
  /** When the run has failed, nothing is waited for. */
  readonly #drop = () => this.vanish();

  constructor(options: SessionOptions, identity: string, world: World) {
    this.name = options.name;
    this.identity = identity;
    this.server = options.server;
    this.token = options.token;
    this.options = options;
    this.world = world;
    this.pending = new PendingCalls(
      identity,
      world.findings,
      (message) => this.say(message),
    );
    world.findings.failed.addEventListener("abort", this.#drop);
  }

  abstract readonly transport: ClientKind;

  /** The troubles that it has together with others, beside those of a server over HTTP. */
  abstract readonly sharing: string | undefined;

  /** What all clients of its token have of its server. */
  get shared(): string {
    return `${this.server.name} for ${this.token.name}`;
  }

  /** What makes one call unmistakable. */
  abstract nonce(): string;

  /** The first request; `fault` is how the server is to fail at it. */
  abstract greeting(fault?: string): Heard;

  /** What the server calls itself in the answer to the greeting. */
  abstract serverIn(result: unknown): string | undefined;

  /** Begins with the greeting; anything but a result means that there is no session. */
  abstract open(greeting: Heard): Promise<Outcome>;

  /** Sends a request. */
  abstract start(message: Heard): Running;

  /** Sends a notification or an answer. */
  abstract say(message: object): void;

  /** Takes a request back. */
  abstract takeBack(running: Running): void;

  /** Whether a refusal is the right answer to a call of this tool. */
  abstract mayRefuse(tool: string, text: string): boolean;

  /** Reads none of what belongs to no call for a while; where it has streams of its own, of one more of them. */
  abstract stall(forMs: number): Promise<void>;

  /** Ends the session in good order. */
  abstract end(): Promise<void>;

  /** A request with an id of its own. */
  request(method: string, params: object): Heard {
    return {
      ...{ jsonrpc: "2.0" },
      id: this.#nextId(),
      method,
      params: { ...params },
    };
  }

  /** Its server was made to fail just now. */
  crashed(): void {
    this.excuses.crashedAt = performance.now();
    if (this.sharing !== undefined) this.world.troubles.strike(this.sharing);
  }

  /** A number for what is done next. */
  next(): number {
    return ++this.#calls;
  }

  /** Drops all connections without a word. */
  vanish(): void {
    this.state = "over";
    for (const exchange of this.exchanges) exchange.reset();
    this.pending.settleAll({ kind: "left" });
  }

  /** Drops what is still connected. */
  close(): void {
    for (const exchange of this.exchanges) exchange.leave();
  }

  /** Resolves when nothing of it goes on any more. */
  async quiet(): Promise<void> {
    await Promise.all(this.#work);
    this.world.findings.failed.removeEventListener("abort", this.#drop);
  }

  /** The session is lost, to a client that did nothing for it. */
  lost(how: string): void {
    if (this.state !== "open") return;
    this.state = "over";
    // Where others would have to wait for it, too, it is not waited for.
    const isCut = this.transport === "sse" || isOneChild(this.server);
    if (this.excuses.stalledAt !== undefined && isCut) {
      this.world.findings.count("sessions cut off after a stall");
    } else {
      this.world.findings.fail("lost session", `${this.described} ${how}`);
    }
    this.pending.settleAll({ kind: "left" });
  }

  /** For people. */
  get described(): string {
    const { name, server, transport, token } = this;
    return `${name} (${transport} to ${server.name}, token ${token.name})`;
  }

  /** What it says that it can do; its server fails as `fault` says. */
  protected capabilities(fault?: string): object {
    const { canBeAsked, isApart, name } = this.options;
    const soak = { ...(fault && { fault }), ...(isApart && { apart: name }) };
    return { ...(canBeAsked && { sampling: {} }), experimental: { soak } };
  }

  /** Keeps account of something that goes on. */
  protected track(work: Promise<void>): void {
    const tracked = work.catch((error) => this.#failed(error))
      .finally(() => this.#work.delete(tracked));
    this.#work.add(tracked);
  }

  /** Fails the run when `id` has no answer in time. */
  protected limit(id: string | number, what: string): () => void {
    const timer = setTimeout(() => {
      if (!this.pending.waits(id)) return;
      this.lose(id, `no answer to ${what} within ${LOST_AFTER_MS} ms`);
    }, LOST_AFTER_MS);
    return () => clearTimeout(timer);
  }

  /** An answer that does not come. */
  protected lose(id: string | number, how: string): void {
    if (!this.pending.waits(id)) return;
    this.pending.settle(id, { kind: "left" });
    if (this.excuses.stalledAt !== undefined) return;
    this.world.findings.fail("lost answer", `${this.described}: ${how}`);
  }

  /** Ids are numbers in one session and texts in the next; sessions use the same ones. */
  #nextId(): string | number {
    const number = this.next();
    return this.name.length % 2 === 0 ? number : `id ${number}`;
  }

  #failed(error: unknown): void {
    if (this.world.signal.aborted) return;
    const text = error instanceof Error ? error.stack : String(error);
    this.world.findings.fail("gateway", `${this.described}: ${text}`);
  }
}

/** The headers that every request of a client has. */
export function headersOf({ value }: SoakToken): Record<string, string> {
  return { authorization: `Bearer ${value}` };
}
