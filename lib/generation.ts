// What one configuration makes of the gateway: whom it admits, and which server is at which path. A reload replaces it.

import type { Described } from "./auth/oauth/resource_metadata.ts";
import type { Backend, BothEras } from "./backend.ts";
import { aggregate, ROOT } from "./backends/aggregate/aggregate.ts";
import type { ChildPlaces } from "./backends/child_places.ts";
import type { CallObserver } from "./backends/observed.ts";
import { openBackend } from "./backends/open.ts";
import type { BackendOptions } from "./backends/open.ts";
import type { Roster } from "./backends/roster.ts";
import type { Config } from "./config/config.ts";
import { isSame } from "./config/is_same.ts";
import type { Endpoint } from "./endpoint.ts";
import type { BridgeMode } from "./eras/bridge_mode.ts";
import type { ServerFaces } from "./eras/server_faces.ts";
import { Admission } from "./routing/admission.ts";
import { canonical, isLoopback } from "./routing/loopback.ts";
import { basePathOf } from "./routing/routes.ts";
import type { Leaf, Route } from "./routing/routes.ts";
import { TrustedProxies } from "./routing/trusted_proxies.ts";
import type { ExchangeTable } from "./sessions/exchange_table.ts";
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
  readonly exchanges: ExchangeTable;
  readonly faces: ServerFaces;
  readonly places: ChildPlaces;
  readonly roster: Roster;
  readonly log: Log;
  /** Absent where nobody wants to know of tool calls. */
  readonly onCall?: CallObserver;
}

/** A route that leads to backends. */
export type Place = Extract<Route, { kind: "root" | "server" }>;

/** A server, with what was said of it. */
interface Known {
  readonly options: BackendOptions;
  readonly bridge: BridgeMode;
  readonly faces: BothEras;
}

type Endpoints = Readonly<Record<Leaf, Endpoint>>;

/** Nothing is started by it. */
export class Generation {
  /** See `basePathOf()`. */
  readonly basePath: string;
  /** See `OAuthOptions`. */
  readonly staticPath?: string;
  readonly proxies: TrustedProxies;
  readonly admission: Admission;
  /** In the order of the file. */
  readonly backends: readonly Backend[];
  readonly #config: Config;
  readonly #known: ReadonlyMap<string, Known>;
  readonly #all: BothEras;
  readonly #announced: Site;
  /** The same once more, where there are paths for static tokens alone. */
  readonly #static?: Site;

  /** @param before whose servers go on where nothing was changed */
  constructor(config: Config, lasting: Lasting, before?: Generation) {
    this.#config = config;
    this.basePath = basePathOf(config.baseUrl);
    this.staticPath = config.oauth?.staticPath;
    this.proxies = new TrustedProxies(config.trustedProxies);
    this.admission = admissionOf(config);
    this.#known = knownIn(config, lasting, before && before.#known);
    const all = [...this.#known.values()].map(({ faces }) => faces);
    this.backends = all.map(({ legacy }) => legacy);
    this.#all = before && isSameRoot(before.#config, config)
      ? before.#all
      : rootOf(config, lasting);
    // With one server in the file the root is that server, unchanged.
    const [first, second] = all;
    const root = first && !second ? first : this.#all;
    const siteAt = (prefix: string) =>
      siteOf(all, root, { basePath: this.basePath, prefix }, lasting);
    this.#announced = siteAt("");
    if (this.staticPath !== undefined) this.#static = siteAt(this.staticPath);
  }

  /** What clients of OAuth are told of it; nothing where there is no authorization server. */
  get described(): Described | undefined {
    const { name: title, oauth } = this.#config;
    if (!oauth) return undefined;
    const { issuer, staticPath } = oauth;
    const hasStaticPath = staticPath !== undefined;
    const has = (server: string) => this.#known.has(server);
    return { issuer, title, hasStaticPath, has };
  }

  /** The endpoints of a place; nothing where there is no such server. */
  at(place: Place): Endpoints | undefined {
    const site = place.isStatic ? this.#static : this.#announced;
    return place.kind === "root" ? site?.root : site?.servers.get(place.server);
  }

  /** The name in `mcpServers` of what is at a place; `*` for all. */
  serverAt(place: Place): string {
    if (place.kind === "server") return place.server;
    const [first, second] = this.backends;
    return first && !second ? first.name : ROOT;
  }

  /** What the generation before had, and it has not. */
  facesLeft(before: Generation): BothEras[] {
    const now = this.#faces;
    return before.#faces.filter((one) => !now.includes(one));
  }

  get #faces(): BothEras[] {
    return [...this.#known.values().map(({ faces }) => faces), this.#all];
  }
}

/** The endpoints beneath one prefix. */
interface Site {
  readonly root: Endpoints;
  /** By the server's name. */
  readonly servers: ReadonlyMap<string, Endpoints>;
}

function siteOf(
  all: readonly BothEras[],
  root: BothEras,
  { basePath, prefix }: { readonly basePath: string; readonly prefix: string },
  lasting: Lasting,
): Site {
  const at = (faces: BothEras, path: string) =>
    endpoints(faces, { basePath, path: `${prefix}${path}` }, lasting);
  const servers = all.map((faces) =>
    [faces.name, at(faces, `/${faces.name}`)] as const
  );
  return { root: at(root, ""), servers: new Map(servers) };
}

type KnownServers = ReadonlyMap<string, Known>;

function knownIn(
  { servers }: Config,
  lasting: Lasting,
  before?: KnownServers,
): KnownServers {
  const known = servers.map(({ name, backend: options, bridge }) => {
    const old = before?.get(name);
    if (old && old.bridge === bridge && isSame(old.options, options)) {
      return [name, old] as const;
    }
    const native = openBackend(name, options, lasting);
    const faces = lasting.faces.of(native, bridge);
    return [name, { options, bridge, faces }] as const;
  });
  return new Map(known);
}

function rootOf({ root: naming, name: title }: Config, lasting: Lasting) {
  const { roster, faces, log } = lasting;
  return faces.ofSessions(aggregate(roster, { naming, title }, log));
}

function isSameRoot(one: Config, other: Config): boolean {
  return one.name === other.name && isSame(one.root, other.root);
}

function admissionOf(config: Config): Admission {
  const { hostname } = config.address;
  return new Admission({
    ...config,
    listener: isLoopback(hostname) ? "loopback" : "network",
    maxHeaderBytes: config.limits.headerBytes,
    allowedHosts: [...config.allowedHosts, canonical(hostname ?? "")],
  });
}

function endpoints(
  faces: BothEras,
  address: { readonly basePath: string; readonly path: string },
  { sessions, exchanges }: Lasting,
): Endpoints {
  const { path } = address;
  return {
    sse: sseStreamEndpoint(faces.legacy, sessions, address),
    messages: sseMessagesEndpoint(path, sessions),
    mcp: new StreamableHttpEndpoint(faces, path, sessions, exchanges),
  };
}
