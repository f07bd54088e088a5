// Puts the parts together: the stages every request goes through, on one screen.

import { health } from "./admin/health.ts";
import { notAllowed } from "./auth/challenge.ts";
import { Guard } from "./auth/guard.ts";
import { staticTokens } from "./auth/static_tokens.ts";
import { ChildPlaces } from "./backends/child_places.ts";
import type { BothEras } from "./backend.ts";
import { openBackend } from "./backends/open.ts";
import { aggregate, ROOT } from "./backends/aggregate/aggregate.ts";
import type { Config } from "./config/config.ts";
import type { Endpoint, Subject } from "./endpoint.ts";
import { ServerFaces } from "./eras/server_faces.ts";
import { errorResponse } from "./error_response.ts";
import { asGatewayError, GatewayError, RETRY_LATER } from "./errors.ts";
import type { Principal } from "./principal.ts";
import { HEADERS } from "./protocol/headers.ts";
import { Admission } from "./routing/admission.ts";
import { Arrival } from "./routing/arrival.ts";
import { isPreflight, preflight, share } from "./routing/cors.ts";
import { canonical, isLoopback } from "./routing/loopback.ts";
import { noOauth } from "./routing/no_oauth.ts";
import { logRefusal, logRequest } from "./routing/request_log.ts";
import type { Trace } from "./routing/request_log.ts";
import { basePathOf, routeOfUrl } from "./routing/routes.ts";
import type { Leaf, Route } from "./routing/routes.ts";
import type { Peer } from "./runtime/serve.ts";
import { unknownPlace } from "./routing/unknown_place.ts";
import { ExchangeTable } from "./sessions/exchange_table.ts";
import { methodNotAllowed } from "./sessions/method_not_allowed.ts";
import { SessionPlaces } from "./sessions/session_places.ts";
import { SessionTable } from "./sessions/session_table.ts";
import {
  SESSION_PARAMETER,
  sseMessagesEndpoint,
  sseStreamEndpoint,
} from "./sessions/sse_endpoints.ts";
import { StreamableHttpEndpoint } from "./sessions/streamable_http_endpoint.ts";
import type { Log } from "./telemetry/log.ts";

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

/** A route that leads to backends. */
type Place = Extract<Route, { kind: "root" | "server" }>;

type Endpoints = Readonly<Record<Leaf, Endpoint>>;

/** Of a request without messages no more is known than its path says. */
const PATH_ONLY: Subject = {};

class HttpGateway implements Gateway {
  readonly #log: Log;
  readonly #basePath: string;
  readonly #admission: Admission;
  readonly #guard: Guard;
  readonly #sessions: SessionTable;
  readonly #exchanges: ExchangeTable;
  readonly #faces: ServerFaces;
  /** The endpoints of each server, in the order of the file. */
  readonly #servers: ReadonlyMap<string, Endpoints>;
  /** Those of all servers as one. */
  readonly #root: Endpoints;

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
    const entries = new Map(servers.map((server) => [server.name, server]));
    this.#guard = new Guard(
      staticTokens({ tokens, scopes, servers: entries }),
    );
    const places = new SessionPlaces(config.limits);
    this.#sessions = new SessionTable(config.limits, places, log);
    this.#exchanges = new ExchangeTable(config.limits, places, log);
    this.#faces = new ServerFaces(log);
    const surroundings = { places: new ChildPlaces(config.limits), log };
    const both = servers.map(({ name, backend, bridge }) =>
      this.#faces.of(openBackend(name, backend, surroundings), bridge)
    );
    this.#servers = new Map(
      both.map((one) => [
        one.name,
        this.#endpointsOf(one, `/${one.name}/messages`),
      ]),
    );
    this.#root = this.#rootOf(both, config);
  }

  async fetch(request: Request, peer: Peer): Promise<Response> {
    const arrival = new Arrival(request, peer, this.#log);
    const trace: Trace = {};
    let response: Response;
    try {
      response = await this.#answer(arrival, trace);
      arrival.told(PATH_ONLY);
    } catch (error) {
      arrival.told(PATH_ONLY);
      const known = asGatewayError(error);
      logRefusal(arrival, known, trace);
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
    this.#guard.close();
    await Promise.all([
      this.#sessions.close(reason, graceMs),
      this.#exchanges.close(reason, graceMs),
    ]);
    await this.#faces.close(reason);
  }

  /** The stages, in order. Anything thrown meets the one `catch` in `fetch`. */
  #answer(arrival: Arrival, trace: Trace): Response | Promise<Response> {
    const { request, url, peer } = arrival;
    const route = routeOfUrl(url, this.#basePath);
    if (route.kind === "health") return healthOnly(request);
    this.#admission.check(url, request.headers);
    if (isPreflight(request)) return preflight(request);
    if (route.kind === "oauth_discovery") return noOauth(arrival.id);
    const caller = this.#guard.admit(request.headers, peer.address);
    trace.token_name = caller.id;
    const endpoint = this.#endpoint(route, caller, arrival, trace);
    return endpoint.respond(arrival, caller);
  }

  /** The endpoint of a route, if there is one and the caller may use it. */
  #endpoint(
    route: Route,
    caller: Principal,
    arrival: Arrival,
    trace: Trace,
  ): Endpoint {
    const unknown = () =>
      unknownPlace(route, caller.id, this.#usableBy(caller));
    if (route.kind !== "root" && route.kind !== "server") throw unknown();
    const endpoints = this.#endpointsAt(route);
    if (!endpoints) throw unknown();
    trace.server = this.#serverAt(route);
    trace.path = arrival.url.pathname;
    this.#checkUse(route, caller);
    const session = this.#sessionField(arrival);
    arrival.whenTold((subject) =>
      logRequest(this.#log, arrival, trace, subject, session)
    );
    // Only what is posted holds messages.
    if (arrival.request.method !== "POST") arrival.told(PATH_ONLY);
    return endpoints[route.leaf];
  }

  #serverAt(route: Place): string {
    if (route.kind === "server") return route.server;
    const [first, second] = this.#servers.keys();
    return second === undefined ? first as string : ROOT;
  }

  #endpointsAt(route: Place): Endpoints | undefined {
    return route.kind === "root" ? this.#root : this.#servers.get(route.server);
  }

  #checkUse(route: Place, caller: Principal): void {
    if (route.kind === "root") {
      if (this.#usableBy(caller).length > 0) return;
      throw notAllowed(caller.id, "may not use any server");
    }
    const { server } = route;
    const { allowed, rule } = caller.allows({ kind: "server", server });
    if (allowed) return;
    throw notAllowed(caller.id, `may not use server "${server}": ${rule}`);
  }

  #endpointsOf(faces: BothEras, messages: string): Endpoints {
    const sessions = this.#sessions;
    const address = { basePath: this.#basePath, path: messages };
    return {
      sse: sseStreamEndpoint(faces.legacy, sessions, address),
      messages: sseMessagesEndpoint(faces.legacy, sessions),
      mcp: new StreamableHttpEndpoint(faces, sessions, this.#exchanges),
    };
  }

  /** With one server in the file the root is that server, unchanged. */
  #rootOf(
    servers: readonly BothEras[],
    { name: title, root: naming }: Config,
  ): Endpoints {
    const [first] = servers;
    const only = servers.length === 1 && this.#servers.get(first?.name ?? "");
    if (only) return only;
    const backends = servers.map(({ legacy }) => legacy);
    const all = aggregate(backends, { naming, title }, this.#log);
    return this.#endpointsOf(this.#faces.ofSessions(all), "/messages");
  }

  #usableBy(caller: Principal): string[] {
    return [...this.#servers.keys()].filter((server) =>
      caller.allows({ kind: "server", server }).allowed
    );
  }

  #sessionField({ request, url }: Arrival): { session?: string } {
    const named = request.headers.get(HEADERS.sessionId);
    const id = named ??
      (url.search && url.searchParams.get(SESSION_PARAMETER));
    return id ? { session: this.#sessions.label(id) } : {};
  }
}

function healthOnly(request: Request): Response {
  if (request.method === "GET" || request.method === "HEAD") return health();
  throw methodNotAllowed(["GET", "HEAD"]);
}
