/**
 * mcp-front as a library: a gateway for MCP servers that is one `fetch` function.
 *
 * ```ts
 * import { createGateway, loadConfig } from "./mod.ts";
 *
 * const { config } = await loadConfig("config.dev.jsonc", environment);
 * const gateway = createGateway(config, { log });
 * const response = await gateway.fetch(request, peer);
 * await gateway.close({ graceMs: 5_000 });
 * ```
 *
 * @module
 */

export { createGateway } from "./lib/gateway.ts";
export type { Gateway, GatewayOptions } from "./lib/gateway.ts";

export { checkConfig, loadConfig } from "./lib/config/load.ts";
export type { LoadedConfig } from "./lib/config/load.ts";
export { readConfig } from "./lib/config/read.ts";
export type { ReadOptions, ReadOutcome } from "./lib/config/read.ts";
export { ConfigError, formatProblem } from "./lib/config/problems.ts";
export type { Problem } from "./lib/config/problems.ts";
export type { Environment } from "./lib/config/values.ts";
export type { FileReader, FileReading } from "./lib/config/file_reading.ts";
export type { AccessRules } from "./lib/config/access_rules.ts";
export type { Address, Config, ServerConfig } from "./lib/config/config.ts";

export type {
  NameRule,
  Narrowing,
  PatternList,
  Place,
  PlacedPattern,
  ScopeRules,
  TokenScope,
} from "./lib/auth/scope.ts";
export type {
  CallerRules,
  IntrospectionOptions,
  OAuthOptions,
} from "./lib/auth/oauth/options.ts";
export type { ServerAccess, ToolFilter } from "./lib/auth/server_access.ts";
export type { Token } from "./lib/auth/token.ts";

export { GatewayError } from "./lib/errors.ts";
export type { Fault, GatewayErrorOptions } from "./lib/errors.ts";
export type { Limits } from "./lib/limits.ts";
export { Secret } from "./lib/secret.ts";

export type {
  CallEnd,
  CallObserver,
  ToolCall,
} from "./lib/backends/observed.ts";
export type { BackendOptions, Timeouts } from "./lib/backends/open.ts";
export type {
  NamingOptions,
  PrefixScheme,
} from "./lib/backends/aggregate/naming.ts";
export type { BridgeMode } from "./lib/eras/bridge_mode.ts";
export type { AddressRange } from "./lib/routing/address_range.ts";
export type { RequestId } from "./lib/protocol/messages.ts";
export type { Peer, TlsOptions } from "./lib/runtime/serve.ts";
export type { Log, LogFields } from "./lib/telemetry/log.ts";
export type {
  RemoteOptions,
  RemoteTransport,
} from "./lib/transports/backend/remote_options.ts";
export type { StdioOptions } from "./lib/transports/backend/stdio_options.ts";
