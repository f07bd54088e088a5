// Puts the parts together: the stages every request goes through, on one screen.

import { health } from "./admin/health.ts";
import type { Authenticator } from "./auth/authenticator.ts";
import { invalidToken } from "./auth/challenge.ts";
import { staticTokens } from "./auth/static_tokens.ts";
import { ChildPlaces } from "./backends/child_places.ts";
import { openBackend } from "./backends/open.ts";
import type { Config, ServerConfig } from "./config/config.ts";
import type { Endpoint } from "./endpoint.ts";
import { errorResponse } from "./error_response.ts";
import { asGatewayError, GatewayError, RETRY_LATER } from "./errors.ts";
import type { Principal } from "./principal.ts";
import { HEADERS } from "./protocol/headers.ts";
import { Admission } from "./routing/admission.ts";
import { Arrival } from "./routing/arrival.ts";
import { isPreflight, preflight, share } from "./routing/cors.ts";
import { canonical, isLoopback } from "./routing/loopback.ts";
import { basePathOf, routeOf } from "./routing/routes.ts";
import type { Leaf, Route } from "./routing/routes.ts";
import type { Peer } from "./runtime/serve.ts";
import { methodNotAllowed } from "./sessions/method_not_allowed.ts";
import { SessionTable } from "./sessions/session_table.ts";
import {
  SESSION_PARAMETER,
  sseMessagesEndpoint,
  sseStreamEndpoint,
} from "./sessions/sse_endpoints.ts";
import { StreamableHttpEndpoint } from "./sessions/streamable_http_endpoint.ts";
import { errorFields } from "./telemetry/error_fields.ts";
import type { Log, LogFields } from "./telemetry/log.ts";

/** A running gateway, without its listener. */
export interface Gateway {
  /** Answers one HTTP request. Never throws. */
  fetch(request: Request, peer: Peer): Promise<Response>;
  /** Opens no more sessions, lets calls finish for up to `graceMs`, then ends every session and child. */
  close(options: { readonly graceMs: number }): Promise<void>;
}

/** What a gateway needs from the process around it. */
export interface GatewayOptions {
  /** Where the gateway says what it does; names and counts only, never a secret. */
  readonly log: Log;
}

/** Builds a gateway from a checked configuration. Nothing is started before the first message for it. */
export function createGateway(
  config: Config,
  options: GatewayOptions,
): Gateway {
  return new HttpGateway(config, options.log);
}

/** What is learnt of a request on its way, for the log. A path that is none of ours may hold anything: it is not logged. */
interface Trace {
  token_name?: string;
  server?: string;
  path?: string;
}

class HttpGateway implements Gateway {
  readonly #log: Log;
  readonly #basePath: string;
  readonly #admission: Admission;
  readonly #authenticator: Authenticator;
  readonly #sessions: SessionTable;
  readonly #places: ChildPlaces;
  /** The endpoints of each server, in the order of the file. */
  readonly #servers: ReadonlyMap<string, Readonly<Record<Leaf, Endpoint>>>;

  constructor(config: Config, log: Log) {
    const { servers, tokens, scopes, address } = config;
    this.#log = log;
    this.#basePath = basePathOf(config.baseUrl);
    const { hostname = "" } = address;
    this.#admission = new Admission({
      ...config,
      listener: isLoopback(address.hostname) ? "loopback" : "network",
      maxHeaderBytes: config.limits.headerBytes,
      allowedHosts: [...config.allowedHosts, canonical(hostname)],
    });
    this.#authenticator = staticTokens({
      tokens,
      scopes,
      servers: new Map(servers.map((server) => [server.name, server])),
    });
    this.#sessions = new SessionTable(config.limits, log);
    this.#places = new ChildPlaces(config.limits);
    this.#servers = new Map(
      servers.map((server) => [server.name, this.#endpointsOf(server)]),
    );
  }

  async fetch(request: Request, peer: Peer): Promise<Response> {
    const arrival = new Arrival(request, peer, this.#log);
    const trace: Trace = {};
    let response: Response;
    try {
      response = await this.#answer(arrival, trace);
    } catch (error) {
      const known = asGatewayError(error);
      this.#logRefusal(arrival, known, trace);
      response = errorResponse(known, arrival.id);
    }
    response.headers.set("x-request-id", arrival.id);
    const origin = request.headers.get("origin");
    return origin !== null && this.#admission.allowsOrigin(origin)
      ? share(response, origin)
      : response;
  }

  async close({ graceMs }: { readonly graceMs: number }): Promise<void> {
    const reason = new GatewayError(
      "shutting_down",
      "The gateway is shutting down",
      { headers: RETRY_LATER },
    );
    await this.#sessions.close(reason, graceMs);
  }

  /** The stages, in order. Anything thrown meets the one `catch` in `fetch`. */
  #answer(arrival: Arrival, trace: Trace): Response | Promise<Response> {
    const { request, url } = arrival;
    const route = routeOf(url.pathname, this.#basePath);
    if (route.kind === "health") return healthOnly(request);
    this.#admission.check(url, request.headers);
    if (isPreflight(request)) return preflight(request);
    if (route.kind === "oauth_discovery") return noOauth(arrival.id);
    const caller = this.#authenticator.authenticate(request.headers);
    trace.token_name = caller.id;
    const endpoint = this.#endpoint(route, caller, arrival, trace);
    return endpoint.respond(arrival, caller);
  }

  /** The endpoint of a route, if there is one and the caller may use it. */
  #endpoint(
    route: Route,
    caller: Principal,
    { request, url, id }: Arrival,
    trace: Trace,
  ): Endpoint {
    const found = route.kind === "server" && this.#servers.get(route.server);
    if (route.kind !== "server" || !found) throw this.#unknown(route, caller);
    const { server, leaf } = route;
    trace.server = server;
    trace.path = url.pathname;
    const decision = caller.allows({ kind: "server", server });
    if (!decision.allowed) throw notAllowed(caller.id, server, decision.rule);
    // The documented line: these three fields come first.
    this.#log.info("Authenticated request", {
      token_name: caller.id,
      server,
      method: request.method,
      path: url.pathname,
      request_id: id,
      ...this.#sessionField(request, url),
    });
    return found[leaf];
  }

  #endpointsOf(server: ServerConfig): Readonly<Record<Leaf, Endpoint>> {
    const sessions = this.#sessions;
    const backend = openBackend(server.name, server.backend, {
      places: this.#places,
      log: this.#log,
    });
    return {
      sse: sseStreamEndpoint(backend, sessions, this.#basePath),
      messages: sseMessagesEndpoint(backend, sessions),
      mcp: new StreamableHttpEndpoint(backend, sessions),
    };
  }

  #sessionField(request: Request, url: URL): { session?: string } {
    const named = request.headers.get(HEADERS.sessionId);
    const id = named ??
      (url.search && url.searchParams.get(SESSION_PARAMETER));
    return id ? { session: this.#sessions.label(id) } : {};
  }

  #unknown(route: Route, caller: Principal): GatewayError {
    const usable = [...this.#servers.keys()].filter((server) =>
      caller.allows({ kind: "server", server }).allowed
    );
    const names = usable.length > 0 ? usable.join(", ") : "none";
    const asked = route.kind === "server"
      ? `There is no server of this name`
      : "There is nothing at this path";
    return new GatewayError("unknown_server", asked, {
      hint: `The token "${caller.id}" may use: ${names}; ` +
        "each has the paths /{server}/mcp and /{server}/sse",
    });
  }

  #logRefusal(arrival: Arrival, error: GatewayError, trace: Trace): void {
    const { request, peer, log } = arrival;
    const fields: LogFields = {
      ...trace,
      method: request.method,
      status: error.status,
      fault: error.fault,
      reason: error.summary,
      remote: peer.address,
      ...error.fields,
    };
    if (error.fault === "unsupported_revision") {
      // The question by which clients of both eras find out which one they meet.
      return log.info("Request refused", fields);
    }
    if (error.fault !== "internal") return log.warn("Request refused", fields);
    log.error("Request failed", { ...fields, ...errorFields(error.cause) });
  }
}

function healthOnly(request: Request): Response {
  if (request.method === "GET" || request.method === "HEAD") return health();
  throw methodNotAllowed(["GET", "HEAD"]);
}

/** Plain JSON 404, without a challenge: anything else makes clients start OAuth and drop their token. */
function noOauth(requestId: string): Response {
  const error = new GatewayError("not_found", "This gateway has no OAuth", {
    hint: "It takes a bearer token in the Authorization header",
  });
  return errorResponse(error, requestId);
}

function notAllowed(token: string, server: string, rule: string): GatewayError {
  return invalidToken(
    `The token "${token}" may not use server "${server}": ${rule}`,
    "Ask the operator to add the token's name to authTokens",
  );
}
