// What the operator asked for, checked and resolved: references replaced, paths absolute, secrets wrapped.

import type { OAuthOptions } from "../auth/oauth/options.ts";
import type { TokenScope } from "../auth/scope.ts";
import type { ServerAccess } from "../auth/server_access.ts";
import type { Token } from "../auth/token.ts";
import type { BackendOptions } from "../backends/open.ts";
import type { NamingOptions } from "../backends/aggregate/naming.ts";
import type { BridgeMode } from "../eras/bridge_mode.ts";
import type { Limits } from "../limits.ts";
import type { AddressRange } from "../routing/address_range.ts";
import type { TlsOptions } from "../runtime/serve.ts";

/** Where to listen. */
export interface Address {
  /** An IP address or name without brackets; absent for all interfaces. */
  readonly hostname?: string;
  /** 0 takes a free port. */
  readonly port: number;
}

/** What is spoken there. */
export type Protocol = "http" | "https";

/** One entry of `mcpServers`. */
export interface ServerConfig extends ServerAccess {
  /** The key in `mcpServers`; it stands in the paths of the server. */
  readonly name: string;
  /** How to reach it. */
  readonly backend: BackendOptions;
  /** What clients of one era see of it where it is of the other. */
  readonly bridge: BridgeMode;
}

/** The whole configuration. */
export interface Config {
  /** `proxy.name`, shown to people. */
  readonly name: string;
  /** The public URL of the gateway, when it is not where it listens. */
  readonly baseUrl?: URL;
  /** `proxy.addr`. */
  readonly address: Address;
  /** `proxy.tls`, with what is in its files; absent: plain HTTP. */
  readonly tls?: TlsOptions;
  /** By name, in the order of the file. */
  readonly tokens: ReadonlyMap<string, Token>;
  /** What tokens are restricted to, by token name; a token that has none may use all that its servers offer. */
  readonly scopes: ReadonlyMap<string, TokenScope>;
  /** Absent: static tokens alone, and nothing of OAuth is seen. */
  readonly oauth?: OAuthOptions;
  /** In the order of the file. */
  readonly servers: readonly ServerConfig[];
  /** Browser origins allowed besides loopback ones, as `Origin` has them: `https://inspector.example`. */
  readonly allowedOrigins: readonly string[];
  /** Host names allowed on a loopback listener besides the loopback ones, as `URL.hostname` has them. */
  readonly allowedHosts: readonly string[];
  /** The proxies that may say for whom they ask. */
  readonly trustedProxies: readonly AddressRange[];
  /** `proxy.limits`, with the defaults. */
  readonly limits: Limits;
  /** `proxy.root`, with the defaults. */
  readonly root: NamingOptions;
}
