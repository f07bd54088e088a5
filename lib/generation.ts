// What one configuration makes of the gateway: whom it admits, and which server is at which path. A reload replaces it.

import type { Backend } from "./backend.ts";
import { aggregate, ROOT } from "./backends/aggregate/aggregate.ts";
import type { ChildPlaces } from "./backends/child_places.ts";
import { openBackend } from "./backends/open.ts";
import type { BackendOptions } from "./backends/open.ts";
import type { Roster } from "./backends/roster.ts";
import type { Config } from "./config/config.ts";
import { isSame } from "./config/is_same.ts";
import type { Endpoint } from "./endpoint.ts";
import { Admission } from "./routing/admission.ts";
import { canonical, isLoopback } from "./routing/loopback.ts";
import { basePathOf } from "./routing/routes.ts";
import type { Leaf, Route } from "./routing/routes.ts";
import type { SessionTable } from "./sessions/session_table.ts";
import {
  sseMessagesEndpoint,
  sseStreamEndpoint,
} from "./sessions/sse_endpoints.ts";
import { StreamableHttpEndpoint } from "./sessions/streamable_http_endpoint.ts";
import type { Log } from "./telemetry/log.ts";

/** What outlives the configurations. */
export interface Lasting {
  readonly sessions: SessionTable;
  readonly places: ChildPlaces;
  readonly roster: Roster;
  readonly log: Log;
}

/** A route that leads to backends. */
export type Place = Extract<Route, { kind: "root" | "server" }>;

/** A server, with what was said of it. */
interface Known {
  readonly options: BackendOptions;
  readonly backend: Backend;
}

type Endpoints = Readonly<Record<Leaf, Endpoint>>;

/** Nothing is started by it. */
export class Generation {
  /** See `basePathOf()`. */
  readonly basePath: string;
  readonly admission: Admission;
  /** In the order of the file. */
  readonly backends: readonly Backend[];
  readonly #config: Config;
  readonly #known: ReadonlyMap<string, Known>;
  readonly #servers: ReadonlyMap<string, Endpoints>;
  readonly #all: Backend;
  readonly #root: Endpoints;

  /** @param before whose backends go on where nothing was changed */
  constructor(config: Config, lasting: Lasting, before?: Generation) {
    const { servers, address, root: naming, name: title } = config;
    const { hostname = "" } = address;
    this.#config = config;
    this.basePath = basePathOf(config.baseUrl);
    this.admission = new Admission({
      ...config,
      listener: isLoopback(address.hostname) ? "loopback" : "network",
      maxHeaderBytes: config.limits.headerBytes,
      allowedHosts: [...config.allowedHosts, canonical(hostname)],
    });
    const known = servers.map(({ name, backend: options }) => {
      const old = before && before.#known.get(name);
      if (old && isSame(old.options, options)) return [name, old] as const;
      const backend = openBackend(name, options, lasting);
      return [name, { options, backend }] as const;
    });
    this.#known = new Map(known);
    this.backends = known.map(([, { backend }]) => backend);
    const endpointsOf = (backend: Backend, path: string) =>
      endpoints(backend, { basePath: this.basePath, path }, lasting);
    this.#servers = new Map(
      known.map((
        [name, { backend }],
      ) => [name, endpointsOf(backend, `/${name}`)]),
    );
    this.#all = before && isSameRoot(before.#config, config)
      ? before.#all
      : aggregate(lasting.roster, { naming, title }, lasting.log);
    // With one server in the file the root is that server, unchanged.
    const [first, second] = this.backends;
    const atRoot = first && !second ? first : this.#all;
    this.#root = endpointsOf(atRoot, "");
  }

  /** The endpoints of a place; nothing where there is no such server. */
  at(place: Place): Endpoints | undefined {
    return place.kind === "root" ? this.#root : this.#servers.get(place.server);
  }

  /** The name in `mcpServers` of what is at a place; `*` for all. */
  serverAt(place: Place): string {
    if (place.kind === "server") return place.server;
    const [first, second] = this.backends;
    return first && !second ? first.name : ROOT;
  }

  /** Those of the generation before that it does not have. */
  backendsGone(before: Generation): Backend[] {
    return before.backends.filter((one) => !this.backends.includes(one));
  }
}

function isSameRoot(one: Config, other: Config): boolean {
  return one.name === other.name && isSame(one.root, other.root);
}

function endpoints(
  backend: Backend,
  address: { readonly basePath: string; readonly path: string },
  { sessions }: Lasting,
): Endpoints {
  const { path } = address;
  return {
    sse: sseStreamEndpoint(backend, sessions, address),
    messages: sseMessagesEndpoint(path, sessions),
    mcp: new StreamableHttpEndpoint(backend, path, sessions),
  };
}
