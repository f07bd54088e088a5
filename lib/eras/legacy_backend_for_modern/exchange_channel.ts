// One exchange of a modern client with a server that knows sessions only.

import type { BackendChannel, OpenContext } from "../../backend.ts";
import type { Envelope } from "../../channel/envelope.ts";
import { Pipe } from "../../channel/pipe.ts";
import { asGatewayError, GatewayError } from "../../errors.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { failureFor } from "./answers.ts";
import type { Asker } from "./asker.ts";
import type { Bridge } from "./bridge.ts";
import { bridgedRequest } from "./bridged_request.ts";
import type { BridgedRequest } from "./bridged_request.ts";
import { Service } from "./service.ts";

/** What waits for the consumer, in bytes: one message. */
const LOOKAHEAD_BYTES = 1;

/** See `legacyBackendForModern`. */
export class ExchangeChannel implements BackendChannel, Asker {
  readonly #bridge: Bridge;
  readonly #context: OpenContext;
  readonly #out: Pipe<Envelope>;
  readonly #service: Service;
  #request?: BridgedRequest;
  #end?: GatewayError;

  constructor(bridge: Bridge, context: OpenContext) {
    this.#bridge = bridge;
    this.#context = context;
    this.#out = new Pipe(
      LOOKAHEAD_BYTES,
      ({ bytes }) => bytes.length,
      context.memory,
    );
    this.#service = new Service(this, bridge, context);
  }

  get request(): BridgedRequest {
    return this.#request as BridgedRequest;
  }

  send(envelope: Envelope): Promise<void> {
    if (this.#end) return Promise.reject(this.#end);
    if (envelope.head.kind === "request" && !this.#request) {
      this.#take(envelope);
    }
    return Promise.resolve();
  }

  close(reason?: Error): Promise<void> {
    this.#out.drop();
    this.#leave(asGatewayError(reason ?? over()));
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
    const { readerPatienceMs } = this.#bridge;
    return this.#out.put(notification, readerPatienceMs).then((result) => {
      if (result !== "full") return;
      const reason = stalled();
      this.#out.end(reason);
      this.#leave(reason);
    });
  }

  answer(answer: Envelope): void {
    if (!this.#end) void this.#out.put(answer).then(() => this.#out.end());
  }

  run(): void {
    this.#service.run(this.request).catch((error) => this.#fail(error));
  }

  #take(envelope: Envelope): void {
    try {
      this.#request = bridgedRequest(envelope);
      this.#service.serve(this.#request).catch((error) => this.#fail(error));
    } catch (error) {
      this.#fail(error, envelope.head.id as RequestId);
    }
  }

  #fail(error: unknown, id: RequestId = this.request.id): void {
    this.answer(failureFor({ id }, asGatewayError(error)));
  }

  #leave(reason: GatewayError): void {
    if (this.#end) return;
    this.#end = reason;
    this.#service.abandon(reason);
  }
}

function over(): GatewayError {
  return new GatewayError("client_gone", "The exchange has ended");
}

function stalled(): GatewayError {
  return new GatewayError("client_stalled", "The client stopped reading");
}
