// Modern clients of a legacy server that a test plays, without HTTP between them.

import type { Backend, BackendChannel } from "../../lib/backend.ts";
import { Envelope } from "../../lib/channel/envelope.ts";
import { Memory } from "../../lib/channel/memory.ts";
import { legacyBackendForModern } from "../../lib/eras/legacy_backend_for_modern/legacy_backend_for_modern.ts";
import type { LegacyBridging } from "../../lib/eras/legacy_backend_for_modern/legacy_backend_for_modern.ts";
import { ParkingLot } from "../../lib/eras/legacy_backend_for_modern/parking_lot.ts";
import type { ParkingBounds } from "../../lib/eras/legacy_backend_for_modern/parking_lot.ts";
import type { Resumable } from "../../lib/eras/legacy_backend_for_modern/tickets.ts";
import { GatewayError } from "../../lib/errors.ts";
import { DEFAULT_LIMITS } from "../../lib/limits.ts";
import type { Limits } from "../../lib/limits.ts";
import type { Principal } from "../../lib/principal.ts";
import type { Message } from "../../lib/protocol/messages.ts";
import { modernRequest } from "./exchange_client.ts";
import type { Saying } from "./exchange_client.ts";
import { logInto } from "./log_lines.ts";
import type { LogLine } from "./log_lines.ts";
import { PlayedServer } from "./played_server.ts";
import type { PlayedSession } from "./played_server.ts";
import { Seen } from "./seen.ts";

type Params = Readonly<Record<string, unknown>>;

/** A principal that may do everything. */
export class TestPrincipal implements Principal {
  readonly id: string;
  readonly generation: string;
  readonly #revoking = new AbortController();

  constructor(id: string, generation = "1") {
    this.id = id;
    this.generation = generation;
  }

  get revoked(): AbortSignal {
    return this.#revoking.signal;
  }

  /** Its token holds no more. */
  revoke(): void {
    this.#revoking.abort(new GatewayError("invalid_token", "revoked"));
  }

  allows() {
    return { allowed: true, rule: "test" };
  }

  restricted() {
    return new Set<never>();
  }

  rules() {
    return { tool: "", prompt: "", resource: "" };
  }

  watch() {
    return () => {};
  }
}

/** What a test may set. */
export interface BridgedOptions
  extends
    Partial<Pick<LegacyBridging, "bounds" | "gatherMs" | "readerPatienceMs">> {
  readonly parking?: Partial<ParkingBounds>;
  readonly limits?: Partial<Limits>;
  /** Shared with other servers, where that matters. */
  readonly lot?: ParkingLot<Resumable>;
}

const PARKING: ParkingBounds = {
  waitMs: 60_000,
  perPrincipal: 8,
  inAll: 100,
};

/** The server with its modern face. Disposing of it ends all sessions. */
export class Bridged implements AsyncDisposable {
  readonly server: PlayedServer;
  readonly lot: ParkingLot<Resumable>;
  readonly log: LogLine[] = [];
  readonly limits: Limits;
  readonly alice = new TestPrincipal("alice");
  readonly bob = new TestPrincipal("bob");
  readonly #modern: Backend;

  constructor(
    { parking, limits, lot, ...bridging }: BridgedOptions = {},
    name?: string,
  ) {
    this.server = new PlayedServer(name);
    this.lot = lot ?? new ParkingLot({ ...PARKING, ...parking });
    this.limits = { ...DEFAULT_LIMITS, ...limits };
    this.#modern = legacyBackendForModern(this.server, {
      log: logInto(this.log),
      lot: this.lot,
      gatherMs: 0,
      ...bridging,
    });
  }

  /** Begins an exchange. */
  async begin(
    message: Message,
    principal: Principal = this.alice,
    parameters: ReadonlyMap<string, string> = new Map(),
  ): Promise<BridgedExchange> {
    const channel = await this.#modern.open({
      principal,
      session: "exchange",
      signal: new AbortController().signal,
      limits: this.limits,
      memory: new Memory(this.limits.sessionBytes),
      parameters,
    });
    const bytes = new TextEncoder().encode(JSON.stringify(message));
    await channel.send(Envelope.read(bytes));
    return new BridgedExchange(channel, message);
  }

  /** Begins an exchange for a request that says what most do. */
  ask(
    method: string,
    params: Params = {},
    saying: Saying = {},
    principal?: Principal,
  ): Promise<BridgedExchange> {
    return this.begin(modernRequest(method, params, saying), principal);
  }

  /** The session of this number, once it is opened and has shaken hands. */
  async session(
    number: number,
    ...hello: Parameters<PlayedSession["hello"]>
  ): Promise<PlayedSession> {
    const session = await this.server.session(number);
    await session.hello(...hello);
    return session;
  }

  async close(): Promise<void> {
    const reason = new GatewayError("shutting_down", "over");
    await this.#modern.close?.(reason);
    this.lot.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** One exchange, as its client sees it. */
export class BridgedExchange {
  readonly channel: BackendChannel;
  readonly request: Message;
  readonly heard = new Seen<Message>((message) => JSON.stringify(message));
  /** What came, as it was written. */
  readonly texts: string[] = [];
  /** Resolves when nothing more comes; rejects where it broke. */
  readonly over: Promise<void>;

  constructor(channel: BackendChannel, request: Message) {
    this.channel = channel;
    this.request = request;
    this.over = this.#read();
    this.over.catch((error) => this.heard.fail(error));
  }

  /** The answer, once it comes. */
  answer(): Promise<Message> {
    return this.heard.until("the answer", ({ method }) => method === undefined);
  }

  /** The result in the answer, once it comes. */
  async result(): Promise<Record<string, unknown>> {
    const answer = await this.answer();
    if (!("result" in answer)) throw new Error(JSON.stringify(answer));
    return answer.result as Record<string, unknown>;
  }

  /** The first notification of this method, once it comes. */
  told(method: string): Promise<Message> {
    return this.heard.until(method, (one) => one.method === method);
  }

  /** The client leaves. */
  async leave(): Promise<void> {
    await this.channel.close();
    await this.over;
  }

  async #read(): Promise<void> {
    for await (const envelope of this.channel) {
      this.texts.push(new TextDecoder().decode(envelope.bytes));
      this.heard.add(envelope.message());
    }
  }
}

/** A request to retry another one with, as clients build it. */
export function retryOf(
  request: Message,
  requestState: unknown,
  inputResponses?: Params,
): Message {
  const params = { ...request.params, inputResponses, requestState };
  return { ...request, id: `${request.id}-retry`, params };
}
