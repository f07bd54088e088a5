// The shape of the file: which keys there are and of what type; what they mean is checked where they are used.

import { z } from "../../deps.ts";
import type { Path } from "./path.ts";
import type { Text } from "./text.ts";

/** What is wanted of the members of arrays and free objects. */
export const STRING_WANTED = "a string";

const string = z.string({ error: STRING_WANTED });

// The texts below say what is wanted and follow "found a number, wanted …".

const timeoutsSchema = z.strictObject({
  open: optionalString('a duration such as "30s"'),
  request: optionalString('a duration such as "5m"'),
  requestMax: optionalString('a duration such as "1h"'),
}, { error: "an object with open, request and requestMax" });

const limitsSchema = z.strictObject({
  sessions: optionalCount(),
  sessionsPerToken: optionalCount(),
  children: optionalCount(),
  childrenPerToken: optionalCount(),
  childrenPerServer: optionalCount(),
  requestsPerSession: optionalCount(),
  clientMessage: optionalString('a size such as "32MiB"'),
  serverMessage: optionalString('a size such as "32MiB"'),
  headers: optionalString('a size such as "64KiB"'),
  streamBuffer: optionalString('a size such as "16MiB"'),
  sessionBuffer: optionalString('a size such as "64MiB"'),
  open: optionalString('a duration such as "30s"'),
  request: optionalString('a duration such as "5m"'),
  requestMax: optionalString('a duration such as "1h"'),
  idle: optionalString('a duration such as "30m"'),
}, { error: "an object of limits by name" });

const serverSchema = z.strictObject({
  url: optionalString("a url"),
  serverUrl: optionalString("a url"),
  httpUrl: optionalString("a url"),
  command: optionalString("the program to start"),
  args: optionalStrings("an array of strings"),
  env: optionalStringRecord("an object of strings by variable name"),
  inheritEnv: optionalStrings("an array of variable names"),
  cwd: optionalString("a folder"),
  headers: optionalStringRecord("an object of strings by header name"),
  authTokens: optionalStrings("an array of token names"),
  transport: optionalString('"auto", "sse" or "streamable-http"'),
  type: optionalString('"stdio", "sse" or "streamable-http"'),
  timeout: z.optional(z.number({ error: "a number of milliseconds" })),
  timeouts: z.optional(timeoutsSchema),
  disabled: z.optional(z.boolean({ error: "true or false" })),
}, { error: "an object with a url or a command" });

const authSchema = z.strictObject({
  kind: optionalString('"bearer_token"'),
  tokens: optionalStringRecord("an object of token values by token name"),
}, { error: "an object with kind and tokens" });

const rootSchema = z.strictObject({
  prefix: optionalString('"always", "on-conflict" or "never"'),
  separator: optionalString('a separator such as "__"'),
  nameLength: optionalCount(),
}, { error: "an object with prefix, separator and nameLength" });

const proxySchema = z.strictObject({
  name: optionalString("a name for people"),
  baseUrl: optionalString("a url"),
  addr: optionalString('an address such as ":8080"'),
  auth: z.optional(authSchema),
  allowedOrigins: optionalStrings("an array of origins"),
  allowedHosts: optionalStrings("an array of host names"),
  limits: z.optional(limitsSchema),
  root: z.optional(rootSchema),
}, { error: "an object" });

/** The whole file. Everything is optional here: what is missing is told where it is needed. */
export const fileSchema = z.strictObject({
  $schema: optionalString("the url of a JSON Schema"),
  version: optionalString('the string "1.0"'),
  proxy: z.optional(proxySchema),
  mcpServers: z.optional(z.record(z.string(), serverSchema, {
    error: "an object of servers by name",
  })),
}, { error: "an object with proxy and mcpServers" });

/** What a schema describes, with a `Text` for each string. */
type Located<T> = T extends string ? Text
  : T extends object ? { readonly [K in keyof T]: Located<T[K]> }
  : T;

/** The file as it is written: right in shape, not yet in meaning. */
export type FileDraft = Located<z.infer<typeof fileSchema>>;

/** `proxy` as it is written. */
export type ProxyDraft = Located<z.infer<typeof proxySchema>>;

/** `proxy.limits` as it is written. */
export type LimitsDraft = Located<z.infer<typeof limitsSchema>>;

/** `proxy.root` as it is written. */
export type RootDraft = Located<z.infer<typeof rootSchema>>;

/** One entry of `mcpServers` as it is written. */
export type ServerDraft = Located<z.infer<typeof serverSchema>>;

/** A kind of object in the file. */
export interface Section {
  /** The path that leads to it; `*` stands for any key. */
  readonly path: readonly string[];
  readonly keys: readonly string[];
}

/** Every kind of object in the file with fixed keys. */
export const SECTIONS: readonly Section[] = [
  section([], fileSchema.shape),
  section(["proxy"], proxySchema.shape),
  section(["proxy", "auth"], authSchema.shape),
  section(["proxy", "root"], rootSchema.shape),
  section(["mcpServers", "*"], serverSchema.shape),
  section(["mcpServers", "*", "timeouts"], timeoutsSchema.shape),
  // Last: where a misplaced key could also belong to a server, it more likely does.
  section(["proxy", "limits"], limitsSchema.shape),
];

/** The section an object at this path is; undefined where keys are free. */
export function sectionAt(path: Path): Section | undefined {
  return SECTIONS.find((section) =>
    section.path.length === path.length &&
    section.path.every((step, index) => step === "*" || step === path[index])
  );
}

function optionalString(wanted: string) {
  return z.optional(z.string({ error: wanted }));
}

function optionalCount() {
  return z.optional(z.number({ error: "a whole number" }));
}

function optionalStrings(wanted: string) {
  return z.optional(z.array(string, { error: wanted }));
}

function optionalStringRecord(wanted: string) {
  return z.optional(
    z.record(z.string(), string, { error: wanted }),
  );
}

function section(path: string[], shape: Record<string, unknown>): Section {
  return { path, keys: Object.keys(shape) };
}
