// What differs between two configurations, in words for the log: names only, never values.

import type { TokenScope } from "../auth/scope.ts";
import type { Token } from "../auth/token.ts";
import { BEARER, OAUTH } from "./auth_kind.ts";
import type { Config, ServerConfig } from "./config.ts";
import { areSameRules, isSame } from "./is_same.ts";
import { DEFAULT_GROUPS_CLAIM } from "./oauth/groups_claim.ts";

/** What a reload cannot do while the gateway runs. */
const NEEDS_RESTART = { address: "proxy.addr" } as const;

/** The rest of `proxy`. */
const SETTINGS = {
  name: "proxy.name",
  baseUrl: "proxy.baseUrl",
  allowedOrigins: "proxy.allowedOrigins",
  allowedHosts: "proxy.allowedHosts",
  trustedProxies: "proxy.trustedProxies",
} as const;

/** The keys that hold rules: where these stand is no difference. */
const RULES: readonly string[] = [
  "tools",
  "prompts",
  "resources",
  "readOnly",
  "scopes",
  "servers",
  "toolFilter",
];

/** What is not told as a change where a file begins to take access tokens. */
const OAUTH_DEFAULTS = {
  audiences: [],
  groupsClaim: [DEFAULT_GROUPS_CLAIM],
  allowedDomains: [],
};

/** What differs. */
export interface Changes {
  /** Such as `removed token api-2024-01` or `changed server database (args)`; in the order of the file. */
  readonly made: readonly string[];
  /** The keys whose change is not made, as it needs a restart. */
  readonly open: readonly string[];
  /** What differs in `proxy.tls`, in the same words: whether that can be made the listener has to say. */
  readonly tls?: string;
}

/** Compares the configuration that holds with the one that comes. */
export function changesBetween(before: Config, now: Config): Changes {
  const differ = (key: keyof Config) => !isSame(before[key], now[key]);
  const changed = (keys: Readonly<Record<string, string>>) =>
    Object.entries(keys)
      .filter(([key]) => differ(key as keyof Config))
      .map(([, path]) => path);
  return {
    made: [
      ...changed(SETTINGS).map((path) => `changed ${path}`),
      ...within("proxy.limits", before.limits, now.limits),
      ...within("proxy.root", before.root, now.root),
      ...within("proxy.auth", authEntry(before), authEntry(now)),
      ...entriesOf("token", tokensIn(before), tokensIn(now)),
      ...entriesOf("server", serversIn(before), serversIn(now)),
    ],
    open: changed(NEEDS_RESTART),
    tls: within("proxy.tls", before.tls ?? {}, now.tls ?? {})[0],
  };
}

type Entry = Readonly<Record<string, unknown>>;

function within(path: string, before: object, now: object): string[] {
  const keys = changedKeys({ ...before }, { ...now });
  return keys.length === 0 ? [] : [`changed ${path} (${keys.join(", ")})`];
}

function entriesOf(
  kind: string,
  before: ReadonlyMap<string, Entry>,
  now: ReadonlyMap<string, Entry>,
): string[] {
  const came = [...now].flatMap(([name, entry]) => {
    const old = before.get(name);
    if (old === undefined) return [`added ${kind} ${name}`];
    const keys = changedKeys(old, entry).join(", ");
    return keys === "" ? [] : [`changed ${kind} ${name} (${keys})`];
  });
  const went = [...before.keys()].filter((name) => !now.has(name));
  return [...came, ...went.map((name) => `removed ${kind} ${name}`)];
}

function changedKeys(before: Entry, now: Entry): string[] {
  const keys = new Set([...Object.keys(now), ...Object.keys(before)]);
  return [...keys].filter((key) => {
    const same = RULES.includes(key) ? areSameRules : isSame;
    return !same(before[key], now[key]);
  });
}

/** The keys of the file; the public url has one of its own. */
function authEntry({ oauth }: Config): Entry {
  if (oauth === undefined) return { kind: BEARER, ...OAUTH_DEFAULTS };
  const { baseUrl: _, ...options } = oauth;
  return { kind: OAUTH, ...options };
}

function tokensIn({ tokens, scopes }: Config): Map<string, Entry> {
  const entry = ([name, token]: [string, Token]) =>
    [name, tokenEntry(token, scopes.get(name))] as const;
  return new Map([...tokens].map(entry));
}

function tokenEntry(
  { digest, expires }: Token,
  scope: Partial<TokenScope> = {},
): Entry {
  const { servers = new Map(), ...rules } = scope;
  return { value: digest, expires, ...rules, servers };
}

function serversIn({ servers }: Config): Map<string, Entry> {
  return new Map(servers.map((server) => [server.name, serverEntry(server)]));
}

/** The keys of the file, but for `timeouts`, which stand for several. */
function serverEntry(server: ServerConfig): Entry {
  const { backend, name: _, line: _line, ...access } = server;
  const { timeouts } = backend;
  return backend.kind === "stdio"
    ? { ...backend.stdio, timeouts, ...access }
    : { ...backend.remote, timeouts, ...access };
}
