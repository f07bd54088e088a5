// One exchange of a modern client with a server that knows sessions only.

import type { BackendChannel, OpenContext } from "../../backend.ts";
import { ROUTE_PATIENCE_MS } from "../../channel/limits.ts";
import { Envelope } from "../../channel/envelope.ts";
import { Pipe } from "../../channel/pipe.ts";
import { asGatewayError, GatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { modernError } from "../modern_error.ts";
import { resultOf } from "./answers.ts";
import type { Asker } from "./asker.ts";
import type { Bridge } from "./bridge.ts";
import { bridgedRequest } from "./bridged_request.ts";
import type { BridgedRequest } from "./bridged_request.ts";
import { Call } from "./call.ts";
import { clientSide } from "./client_side.ts";
import type { ClientSide } from "./client_side.ts";
import { inputResponsesIn, mayRequireInput } from "./input_required.ts";
import { discoveryOf } from "./introduction.ts";
import type { Lease, Need } from "./lease.ts";
import { canBeAsked } from "./needed_capability.ts";
import { noSuchMethod } from "./refusals.ts";

/** What a legacy server knows and this revision does not (2026-07-28 changelog), or cannot be bridged. */
const NOT_IN_THIS_ERA: ReadonlySet<string> = new Set([
  "initialize",
  "ping",
  "logging/setLevel",
  "resources/subscribe",
  "resources/unsubscribe",
  "tasks/get",
  "tasks/update",
  "tasks/cancel",
  "tasks/list",
  "tasks/result",
]);

/** What waits for the consumer, in bytes: one message. */
const LOOKAHEAD_BYTES = 1;

/** See `legacyBackendForModern`. */
export class ExchangeChannel implements BackendChannel, Asker {
  readonly #bridge: Bridge;
  readonly #context: OpenContext;
  readonly #out: Pipe<Envelope>;
  readonly #leaving = new AbortController();
  #request?: BridgedRequest;
  #call?: Call;
  #end?: GatewayError;

  constructor(bridge: Bridge, context: OpenContext) {
    this.#bridge = bridge;
    this.#context = context;
    this.#out = new Pipe(
      LOOKAHEAD_BYTES,
      ({ bytes }) => bytes.length,
      context.memory,
    );
  }

  get request(): BridgedRequest {
    return this.#request as BridgedRequest;
  }

  send(envelope: Envelope): Promise<void> {
    if (this.#end) return Promise.reject(this.#end);
    if (envelope.head.kind === "request" && !this.#request) {
      void this.#take(envelope);
    }
    return Promise.resolve();
  }

  close(reason?: Error): Promise<void> {
    this.#out.drop();
    if (!this.#end) this.#leave(asGatewayError(reason ?? over()));
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return this.#out[Symbol.asyncIterator]();
  }

  addressee(envelope: Envelope): string {
    const { pool, name } = this.#bridge;
    const session = pool.anyOf(this.#context.principal);
    return session?.addressee(envelope) ?? name;
  }

  /** A client that does not read holds up its session for a while only. */
  tell(notification: Envelope): Promise<unknown> | undefined {
    if (this.#out.offer(notification)) return undefined;
    return this.#out.put(notification, ROUTE_PATIENCE_MS).then((result) => {
      if (result === "full") this.#cut(stalled());
    });
  }

  answer(answer: Envelope): void {
    void this.#out.put(answer);
  }

  run(): void {
    this.#run(this.request).catch((error) => this.#fail(error));
  }

  async #take(envelope: Envelope): Promise<void> {
    try {
      const request = this.#request = bridgedRequest(envelope);
      await this.#serve(request);
    } catch (error) {
      this.#fail(error, envelope.head.id as RequestId);
    }
  }

  async #serve(request: BridgedRequest): Promise<void> {
    const { method, params } = request;
    const isRetry = "requestState" in params && mayRequireInput(method);
    if (NOT_IN_THIS_ERA.has(method)) throw noSuchMethod(method);
    if (isRetry) this.#resume(request);
    else if (method === METHODS.discover) await this.#discover(request);
    else await this.#run(request);
  }

  async #discover(request: BridgedRequest): Promise<void> {
    const lease = await this.#lease(request, { kind: "shared" });
    lease.release();
    const { introduction } = lease.session;
    if (!introduction) throw over();
    const result = discoveryOf(introduction);
    this.answer(resultOf(request, result, introduction));
  }

  async #run(request: BridgedRequest): Promise<void> {
    const { envelope, method, capabilities } = request;
    const mayBeAsked = mayRequireInput(method);
    const isAlone = mayBeAsked && canBeAsked(capabilities);
    const addressee = this.addressee(envelope);
    const lease = await this.#lease(
      request,
      isAlone ? { kind: "alone", addressee } : { kind: "shared" },
    );
    if (this.#end) return lease.release();
    const { tickets, gatherMs } = this.#bridge;
    const owner = this.#context.principal;
    const options = { lease, owner, mayBeAsked, tickets, gatherMs };
    this.#call = new Call(this, options);
    this.#call.start();
  }

  /** What waits for this retry goes on; what its answers are is looked at first, since the state is good for once only. */
  #resume(request: BridgedRequest): void {
    const responses = inputResponsesIn(request);
    const owner = this.#context.principal;
    const parked = this.#bridge.tickets.redeem(request, owner);
    if (parked instanceof Call) this.#call = parked;
    parked.resume(this, responses);
  }

  #cut(reason: GatewayError): void {
    this.#out.end(reason);
    this.#leave(reason);
  }

  #leave(reason: GatewayError): void {
    this.#end = reason;
    this.#leaving.abort(reason);
    this.#call?.abandon();
  }

  #lease(request: BridgedRequest, need: Need): Promise<Lease> {
    const client: ClientSide = clientSide(request, this.#context);
    return this.#bridge.pool.acquire(client, need, this.#leaving.signal);
  }

  #fail(error: unknown, id: RequestId = this.request.id): void {
    if (this.#end) return;
    const reason = modernError(asGatewayError(error));
    this.answer(Envelope.failure(id, reason));
  }
}

function over(): GatewayError {
  return new GatewayError("client_gone", "The exchange has ended");
}

function stalled(): GatewayError {
  return new GatewayError("client_stalled", "The client stopped reading");
}
