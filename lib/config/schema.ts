// The shape of the file: which keys there are and of what type; what they mean is checked where they are used.

import { z } from "../../deps.ts";
import type { Text } from "./text.ts";

/** What is wanted of the members of arrays and free objects. */
export const STRING_WANTED = "a string";

const string = z.string({ error: STRING_WANTED });

/** The short form of a token: its value. */
export const tokenSchema = z.string({ error: STRING_WANTED });

// The texts below say what is wanted and follow "found a number, wanted …".

/** `timeouts` of a server. */
export const timeoutsSchema = z.strictObject({
  open: optionalString('a duration such as "30s"'),
  request: optionalString('a duration such as "5m"'),
  requestMax: optionalString('a duration such as "1h"'),
}, { error: "an object with open, request and requestMax" });

/** `proxy.limits`. */
export const limitsSchema = z.strictObject({
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

/** `toolFilter` of a server. */
export const toolFilterSchema = z.strictObject({
  mode: optionalString('"allow" or "deny"'),
  tools: optionalPatterns(),
}, { error: "an object with mode and tools" });

/** One entry of `mcpServers`. */
export const serverSchema = z.strictObject({
  url: optionalString("a url"),
  serverUrl: optionalString("a url"),
  httpUrl: optionalString("a url"),
  command: optionalString("the program to start"),
  args: optionalStrings("an array of strings"),
  env: optionalStringRecord("an object of strings by variable name"),
  inheritEnv: optionalStrings("an array of variable names"),
  cwd: optionalString("a folder"),
  headers: optionalStringRecord("an object of strings by header name"),
  ca: optionalString("the path of a file"),
  authTokens: optionalStrings("an array of token names"),
  authScopes: optionalStrings("an array of scopes"),
  authGroups: optionalStrings("an array of groups"),
  transport: optionalString('"auto", "sse" or "streamable-http"'),
  bridge: optionalString('"auto", "always" or "native"'),
  type: optionalString('"stdio", "sse" or "streamable-http"'),
  timeout: z.optional(z.number({ error: "a number of milliseconds" })),
  timeouts: z.optional(timeoutsSchema),
  toolFilter: z.optional(toolFilterSchema),
  disabled: z.optional(z.boolean({ error: "true or false" })),
}, { error: "an object with a url or a command" });

/** Two lists of patterns. */
export const namesSchema = z.strictObject({
  allow: optionalPatterns(),
  deny: optionalPatterns(),
}, { error: "an object with allow and deny" });

const rules = {
  tools: z.optional(namesSchema),
  prompts: z.optional(namesSchema),
  resources: z.optional(namesSchema),
  readOnly: z.optional(z.boolean({ error: "true or false" })),
};

/** The rules of a token for one server. */
export const rulesSchema = z.strictObject(rules, {
  error: "an object with tools, prompts, resources and readOnly",
});

const allRules = {
  ...rules,
  servers: z.optional(z.record(z.string(), rulesSchema, {
    error: "an object of rules by server name",
  })),
};

/** The long form of a token. */
export const scopedTokenSchema = z.strictObject({
  value: optionalString(`${STRING_WANTED}, the token itself`),
  expires: optionalString('a date such as "2027-01-31"'),
  ...allRules,
}, { error: "an object with a value" });

/** The rules of a scope of access tokens. */
export const grantSchema = z.strictObject(allRules, {
  error: "an object with tools, prompts, resources, readOnly and servers",
});

/** `introspection` of `proxy.auth`. */
export const introspectionSchema = z.strictObject({
  clientId: optionalString("the name of the gateway at the issuer"),
  clientSecret: optionalString("the secret that goes with clientId"),
  endpoint: optionalString("a url"),
}, { error: "an object with clientId and clientSecret" });

/** `proxy.auth`. */
export const authSchema = z.strictObject({
  kind: optionalString('"bearer_token" or "oauth"'),
  tokens: z.optional(z.record(
    z.string(),
    z.union([tokenSchema, scopedTokenSchema], {
      error: `${STRING_WANTED} or an object with a value`,
    }),
    { error: "an object of token values by token name" },
  )),
  issuer: optionalString("the url of an authorization server"),
  staticPath: optionalString('a path such as "/static"'),
  audiences: optionalStrings("an array of audiences"),
  jwksUri: optionalString("a url"),
  introspection: z.optional(introspectionSchema),
  groupsClaim: optionalString('the name of a claim such as "groups"'),
  allowedDomains: optionalStrings("an array of domains"),
  scopes: z.optional(z.record(z.string(), grantSchema, {
    error: "an object of rules by scope",
  })),
}, { error: "an object with kind and tokens" });

/** `proxy.root`. */
export const rootSchema = z.strictObject({
  prefix: optionalString('"always", "on-conflict" or "never"'),
  separator: optionalString('a separator such as "__"'),
  nameLength: optionalCount(),
}, { error: "an object with prefix, separator and nameLength" });

/** `proxy.tls`. */
export const tlsSchema = z.strictObject({
  cert: optionalString("the path of a file"),
  key: optionalString("the path of a file"),
  clientCa: optionalString("the path of a file"),
}, { error: "an object with cert and key" });

/** `proxy`. */
export const proxySchema = z.strictObject({
  name: optionalString("a name for people"),
  baseUrl: optionalString("a url"),
  addr: optionalString('an address such as ":8080"'),
  tls: z.optional(tlsSchema),
  auth: z.optional(authSchema),
  allowedOrigins: optionalStrings("an array of origins"),
  allowedHosts: optionalStrings("an array of host names"),
  trustedProxies: optionalStrings("an array of addresses and ranges"),
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

/** `proxy.tls` as it is written. */
export type TlsDraft = Located<z.infer<typeof tlsSchema>>;

/** One entry of `mcpServers` as it is written. */
export type ServerDraft = Located<z.infer<typeof serverSchema>>;

/** A token as it is written: its value, or an object with that and with rules. */
export type TokenDraft = Text | ScopedTokenDraft;

/** A token with rules as it is written. */
export type ScopedTokenDraft = Located<z.infer<typeof scopedTokenSchema>>;

/** `proxy.auth` as it is written. */
export type AuthDraft = Located<z.infer<typeof authSchema>>;

/** The rules of a scope of access tokens as they are written. */
export type GrantDraft = Located<z.infer<typeof grantSchema>>;

/** The rules of a token as they are written. */
export type RulesDraft = Located<z.infer<typeof rulesSchema>>;

/** Two lists of patterns as they are written. */
export type NamesDraft = Located<z.infer<typeof namesSchema>>;

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

function optionalPatterns() {
  return optionalStrings("an array of patterns");
}
