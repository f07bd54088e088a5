// Puts the parts together: the stages every request goes through, on one screen.

import { health } from "./admin/health.ts";
import { Callers } from "./auth/callers.ts";
import { Guard } from "./auth/guard.ts";
import { resourceMetadata } from "./auth/oauth/resource_metadata.ts";
import { UseOfServers } from "./auth/use_of_servers.ts";
import { ChildPlaces } from "./backends/child_places.ts";
import type { CallObserver } from "./backends/observed.ts";
import { Roster } from "./backends/roster.ts";
import type { Config } from "./config/config.ts";
import type { Endpoint, Subject } from "./endpoint.ts";
import { ServerFaces } from "./eras/server_faces.ts";
import { errorResponse } from "./error_response.ts";
import { asGatewayError, GatewayError, RETRY_LATER } from "./errors.ts";
import { Generation } from "./generation.ts";
import type { Lasting } from "./generation.ts";
import type { Principal } from "./principal.ts";
import { HEADERS } from "./protocol/headers.ts";
import { Arrival } from "./routing/arrival.ts";
import { isPreflight, preflight, share } from "./routing/cors.ts";
import { noOauth } from "./routing/no_oauth.ts";
import { logRefusal, logRequest } from "./routing/request_log.ts";
import type { Trace } from "./routing/request_log.ts";
import { routeOfUrl } from "./routing/routes.ts";
import type { Route } from "./routing/routes.ts";
import { removedServer, unknownPlace } from "./routing/unknown_place.ts";
import type { Peer } from "./runtime/serve.ts";
import { ExchangeTable } from "./sessions/exchange_table.ts";
import { methodNotAllowed } from "./sessions/method_not_allowed.ts";
import { SessionPlaces } from "./sessions/session_places.ts";
import { SessionTable } from "./sessions/session_table.ts";
import { SESSION_PARAMETER } from "./sessions/sse_endpoints.ts";
import type { Log } from "./telemetry/log.ts";

/** A running gateway, without its listener. */
export interface Gateway {
  /** Answers one HTTP request. Never throws. */
  fetch(request: Request, peer: Peer): Promise<Response>;
  /**
   * Takes another configuration, in one step. What did not change is not disturbed: see `docs/reload.md` for
   * what becomes of sessions. `address` has to be the one that is listened on.
   */
  reload(config: Config): void;
  /** Opens no more sessions, lets calls finish for up to `graceMs`, then ends every session and child. */
  close(options: { readonly graceMs: number }): Promise<void>;
}

/** What a gateway needs from the process around it. */
export interface GatewayOptions {
  /** Where the gateway says what it does; names and counts only, never a secret. */
  readonly log: Log;
  /** Told of each tool call once it is over; absent: nobody counts them, and they cost nothing more. */
  readonly onCall?: CallObserver;
}

/** Builds a gateway from a checked configuration. Nothing is started before the first message for it. */
export function createGateway(
  config: Config,
  options: GatewayOptions,
): Gateway {
  return new HttpGateway(config, options);
}

/** Of a request without messages no more is known than its path says. */
const PATH_ONLY: Subject = {};

class HttpGateway implements Gateway {
  readonly #log: Log;
  readonly #callers: Callers;
  readonly #guard: Guard;
  readonly #use: UseOfServers;
  readonly #lasting: Lasting;
  /** What holds now. */
  #generation: Generation;
  #isClosing = false;

  constructor(config: Config, { log, onCall }: GatewayOptions) {
    this.#log = log;
    this.#callers = new Callers(accessIn(config), log);
    this.#guard = new Guard(this.#callers);
    const roster = new Roster([]);
    this.#use = new UseOfServers(roster);
    const judge = this.#use.judge.bind(this.#use);
    const places = new SessionPlaces(config.limits);
    const counting = { limits: config.limits, places, log, judge };
    this.#lasting = {
      sessions: new SessionTable(counting),
      exchanges: new ExchangeTable(counting),
      faces: new ServerFaces(log),
      places: new ChildPlaces(config.limits),
      roster,
      log,
      onCall,
    };
    this.#generation = new Generation(config, this.#lasting);
    roster.replace(this.#generation.backends);
  }

  async fetch(request: Request, peer: Peer): Promise<Response> {
    const { proxies } = this.#generation;
    const arrival = new Arrival(request, peer, { log: this.#log, proxies });
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
    return origin !== null && this.#generation.admission.allowsOrigin(origin)
      ? share(response, origin)
      : response;
  }

  reload(config: Config): void {
    if (this.#isClosing) return;
    const { sessions, exchanges, faces, places, roster } = this.#lasting;
    const before = this.#generation;
    const now = new Generation(config, this.#lasting, before);
    this.#generation = now;
    sessions.limits = exchanges.limits = places.limits = config.limits;
    roster.replace(now.backends);
    this.#callers.replace(accessIn(config));
    sessions.review();
    exchanges.review();
    this.#callers.tellChange();
    for (const left of now.facesLeft(before)) {
      if (roster.has(left.name)) faces.retire(left);
      else faces.end(left, removedServer(left.name));
    }
  }

  async close({ graceMs }: { readonly graceMs: number }): Promise<void> {
    const reason = new GatewayError(
      "shutting_down",
      "The gateway is shutting down",
      { headers: RETRY_LATER },
    );
    this.#isClosing = true;
    this.#guard.close();
    const { sessions, exchanges, faces } = this.#lasting;
    await Promise.all([
      sessions.close(reason, graceMs),
      exchanges.close(reason, graceMs),
    ]);
    await faces.close(reason);
  }

  /** The stages, in order. Anything thrown meets the one `catch` in `fetch`. */
  #answer(arrival: Arrival, trace: Trace): Response | Promise<Response> {
    const { request, addressed, url, peer } = arrival;
    const { basePath, staticPath, admission } = this.#generation;
    const route = routeOfUrl(url, basePath, staticPath);
    if (route.kind === "health") return healthOnly(request);
    admission.check(addressed, request.headers, url.hostname);
    if (isPreflight(request)) return preflight(request);
    if (route.kind === "oauth_discovery") {
      return this.#discovery(route, arrival);
    }
    const caller = this.#guard.admit(request.headers, peer.address, route);
    return caller instanceof Promise
      ? caller.then((known) => this.#respond(route, known, arrival, trace))
      : this.#respond(route, caller, arrival, trace);
  }

  #respond(
    route: Route,
    caller: Principal,
    arrival: Arrival,
    trace: Trace,
  ): Promise<Response> {
    trace.token_name = caller.id;
    const endpoint = this.#endpoint(route, caller, arrival, trace);
    return endpoint.respond(arrival, caller);
  }

  /** What clients find where they look for OAuth. */
  #discovery(
    { about }: Extract<Route, { kind: "oauth_discovery" }>,
    { request, id }: Arrival,
  ): Response {
    const { doors } = this.#callers;
    const { described } = this.#generation;
    if (!doors || !described) return noOauth(id);
    const document = about && resourceMetadata(about, doors, described);
    if (!document) return noOauth(id, "resource_server");
    if (request.method === "GET" || request.method === "HEAD") return document;
    throw methodNotAllowed(["GET", "HEAD"]);
  }

  /** The endpoint of a route, if there is one and the caller may use it. */
  #endpoint(
    route: Route,
    caller: Principal,
    arrival: Arrival,
    trace: Trace,
  ): Endpoint {
    const unknown = () =>
      unknownPlace(route, caller.id, this.#use.usableBy(caller));
    if (route.kind !== "root" && route.kind !== "server") throw unknown();
    const endpoints = this.#generation.at(route);
    if (!endpoints) throw unknown();
    trace.server = this.#generation.serverAt(route);
    trace.path = arrival.url.pathname;
    this.#use.check(route, caller);
    const session = this.#sessionField(arrival);
    arrival.whenTold((subject) =>
      logRequest(this.#log, arrival, trace, subject, session)
    );
    // Only what is posted holds messages.
    if (arrival.request.method !== "POST") arrival.told(PATH_ONLY);
    return endpoints[route.leaf];
  }

  #sessionField({ request, url }: Arrival): { session?: string } {
    const named = request.headers.get(HEADERS.sessionId);
    const id = named ??
      (url.search && url.searchParams.get(SESSION_PARAMETER));
    return id ? { session: this.#lasting.sessions.label(id) } : {};
  }
}

function accessIn({ tokens, scopes, servers, oauth }: Config) {
  const byName = new Map(servers.map((server) => [server.name, server]));
  return { tokens, scopes, servers: byName, oauth };
}

function healthOnly(request: Request): Response {
  if (request.method === "GET" || request.method === "HEAD") return health();
  throw methodNotAllowed(["GET", "HEAD"]);
}
