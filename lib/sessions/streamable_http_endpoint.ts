// `/{server}/mcp`: the Streamable HTTP transport with sessions (2025-03-26 to 2025-11-25), and the way to exchanges.

import type { Backend, BothEras } from "../backend.ts";
import type { Endpoint, Inbound } from "../endpoint.ts";
import { eraOf } from "../eras/era.ts";
import { GatewayError } from "../errors.ts";
import type { Principal } from "../principal.ts";
import { HEADERS } from "../protocol/headers.ts";
import { METHODS } from "../protocol/methods.ts";
import {
  isLegacyRevision,
  isModernRevision,
  legacyRevisions,
  traitsOf,
} from "../protocol/versions.ts";
import { StreamableHttpChannel } from "../transports/client/streamable_http.ts";
import { acceptsOf, requireEvents } from "./accept.ts";
import { ExchangeEndpoint } from "./exchange_endpoint.ts";
import type { ExchangeTable } from "./exchange_table.ts";
import { methodNotAllowed } from "./method_not_allowed.ts";
import { noBatches } from "./no_batches.ts";
import type { PostedBody } from "./posted_body.ts";
import type { Session } from "./session.ts";
import type { SessionTable } from "./session_table.ts";
import { subjectOf } from "./subject_of.ts";

/** Serves one server at one path, see `SessionOptions`, to clients of both eras. */
export class StreamableHttpEndpoint implements Endpoint {
  readonly #backend: Backend;
  readonly #path: string;
  readonly #table: SessionTable;
  readonly #exchanges: ExchangeEndpoint;

  constructor(
    { legacy, modern }: BothEras,
    path: string,
    table: SessionTable,
    exchanges: ExchangeTable,
  ) {
    this.#backend = legacy;
    this.#path = path;
    this.#table = table;
    this.#exchanges = new ExchangeEndpoint(modern, exchanges);
  }

  async respond(inbound: Inbound, caller: Principal): Promise<Response> {
    switch (inbound.request.method) {
      case "POST":
        return await this.#post(inbound, caller);
      case "GET":
        return this.#listen(inbound, caller);
      case "DELETE":
        return this.#end(inbound, caller);
      default:
        throw methodNotAllowed(["GET", "POST", "DELETE"]);
    }
  }

  async #post(inbound: Inbound, caller: Principal): Promise<Response> {
    const { headers } = inbound.request;
    const body = await this.#table.bodies.read(inbound.request, caller);
    try {
      if (eraOf(headers, body.envelopes) === "modern") {
        return await this.#exchanges.post(inbound, caller, body);
      }
      refuseUnknownRevision(
        headers,
        isInitialize(body) ? "initialize" : "other",
      );
      return headers.has(HEADERS.sessionId)
        ? await this.#continue(inbound, caller, body)
        : await this.#begin(inbound, caller, body);
    } catch (error) {
      throw error instanceof GatewayError ? told(error, body) : error;
    }
  }

  /** A POST within a session. */
  async #continue(
    inbound: Inbound,
    caller: Principal,
    body: PostedBody,
  ): Promise<Response> {
    const session = this.#find(inbound, caller);
    inbound.told(subjectOf(session, body.envelopes));
    const { channel } = session;
    if (body.form === "batch" && !traitsOf(channel.revision).batches) {
      throw noBatches();
    }
    if (channel.revision !== undefined && isInitialize(body)) {
      throw new GatewayError(
        "invalid_message",
        "The session is initialized already",
        { hint: "Send initialize without Mcp-Session-Id to begin another" },
      );
    }
    session.touch();
    return await channel.post(this.#posted(inbound, body));
  }

  /** A POST that begins a session: `initialize`, and nothing else. */
  async #begin(
    inbound: Inbound,
    owner: Principal,
    body: PostedBody,
  ): Promise<Response> {
    if (!isInitialize(body)) throw sessionRequired();
    inbound.told({});
    const posted = this.#posted(inbound, body);
    const session = this.#table.open({
      owner,
      backend: this.#backend,
      path: this.#path,
      transport: "streamable-http",
      channel: (_id, options) => new StreamableHttpChannel(options),
    });
    const response = await session.channel.post(posted);
    const refused = session.channel.revision === undefined &&
      session.channel.openCalls === 0;
    if (refused || inbound.request.signal.aborted) {
      void this.#table.end(session);
      return response;
    }
    response.headers.set(HEADERS.sessionId, session.id);
    return response;
  }

  #listen(inbound: Inbound, caller: Principal): Response {
    const { headers } = inbound.request;
    if (!headers.has(HEADERS.sessionId)) throw methodNotAllowed(["POST"]);
    requireEvents(headers);
    refuseUnknownRevision(headers, "other");
    const session = this.#find(inbound, caller);
    session.touch();
    const lastEventId = headers.get(HEADERS.lastEventId) ?? undefined;
    return session.channel.listen(lastEventId, inbound.peer).response();
  }

  #end(inbound: Inbound, caller: Principal): Response {
    if (!inbound.request.headers.has(HEADERS.sessionId)) {
      throw sessionRequired();
    }
    const session = this.#find(inbound, caller);
    void this.#table.end(session);
    return new Response(null, { status: 204 });
  }

  #find(
    { request }: Inbound,
    caller: Principal,
  ): Session<StreamableHttpChannel> {
    const id = request.headers.get(HEADERS.sessionId) ?? "";
    const session = this.#table.find(
      id,
      this.#path,
      caller,
      StreamableHttpChannel,
    );
    if (session) return session;
    throw new GatewayError("session_not_found", "There is no such session", {
      hint: "Send initialize without Mcp-Session-Id to begin a new one",
    });
  }

  #posted({ request, peer }: Inbound, body: PostedBody) {
    const accepts = acceptsOf(request.headers);
    if (!accepts.json && !accepts.events) {
      throw new GatewayError(
        "not_acceptable",
        "Answers are application/json or text/event-stream",
        { hint: "Send the header Accept: application/json, text/event-stream" },
      );
    }
    return { ...body, accepts, peer, signal: request.signal };
  }
}

function isInitialize({ envelopes, form }: PostedBody): boolean {
  return form === "single" &&
    envelopes[0]?.head.method === METHODS.initialize &&
    envelopes[0].head.kind === "request";
}

/** `initialize` says in its body what it asks for: a client of both eras may send it with the header of the other. */
function refuseUnknownRevision(
  headers: Headers,
  message: "initialize" | "other",
): void {
  const revision = headers.get(HEADERS.protocolVersion);
  if (revision === null || isLegacyRevision(revision)) return;
  if (message === "initialize" && isModernRevision(revision)) return;
  throw new GatewayError(
    "unsupported_revision",
    "The MCP-Protocol-Version of the request is not one of " +
      legacyRevisions().join(", "),
  );
}

function sessionRequired(): GatewayError {
  return new GatewayError(
    "session_required",
    "The header Mcp-Session-Id is missing",
    { hint: "Send initialize first; its answer carries the id of the session" },
  );
}

/** The same refusal, told as the answer to the request it refuses. */
function told(error: GatewayError, { envelopes, form }: PostedBody) {
  const id = form === "single" ? envelopes[0]?.head.id : undefined;
  if (error.rpcId !== undefined || id === undefined) return error;
  return error.answering(id);
}
