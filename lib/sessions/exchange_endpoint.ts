// What is posted in the modern era: each request for itself (2026-07-28 `basic/transports/streamable-http`).

import type { Backend } from "../backend.ts";
import type { Envelope } from "../channel/envelope.ts";
import type { Inbound } from "../endpoint.ts";
import { modernError } from "../eras/modern_error.ts";
import {
  checkModernNotification,
  checkModernRequest,
} from "../eras/request_headers.ts";
import { asGatewayError, GatewayError } from "../errors.ts";
import type { Principal } from "../principal.ts";
import type { ExchangeTable } from "./exchange_table.ts";
import { noBatches } from "./no_batches.ts";
import type { PostedBody } from "./posted_body.ts";

/** Serves one server to clients of the modern era; what a session is known by means nothing here. */
export class ExchangeEndpoint {
  readonly #backend: Backend;
  readonly #table: ExchangeTable;

  /** @param backend the modern face of the server */
  constructor(backend: Backend, table: ExchangeTable) {
    this.#backend = backend;
    this.#table = table;
  }

  /** Answers a POST. Throws why it is refused. */
  async post(
    inbound: Inbound,
    owner: Principal,
    { envelopes, form }: PostedBody,
  ): Promise<Response> {
    if (form === "batch") throw noBatches();
    const [message] = envelopes as readonly [Envelope];
    const { kind } = message.head;
    const { headers } = inbound.request;
    if (kind === "response") throw noQuestion();
    if (kind === "request") {
      checkModernRequest(headers, message);
      return await this.#begin(message, inbound, owner);
    }
    // No revision has any that a server would have to hear of over HTTP.
    checkModernNotification(headers, message);
    return new Response(null, { status: 202 });
  }

  async #begin(
    request: Envelope,
    inbound: Inbound,
    owner: Principal,
  ): Promise<Response> {
    const backend = this.#backend;
    try {
      return await this.#table.begin({ request, owner, backend, inbound });
    } catch (error) {
      throw modernError(asGatewayError(error));
    }
  }
}

function noQuestion(): GatewayError {
  return new GatewayError(
    "invalid_message",
    "A response was sent, and no server asks anything in this revision",
    {
      rpcId: null,
      hint: "Send answers as inputResponses of the request itself",
    },
  );
}
