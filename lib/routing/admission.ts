// Whether a request may come in at all: its size, Host and Origin, before anyone asks who sent it.

import { GatewayError } from "../errors.ts";
import { checkHeaderSize } from "./header_size.ts";

/** What the operator allows besides what is always allowed. */
export interface AdmissionOptions {
  /** `loopback`: only this machine can connect, so a foreign Host or Origin is a browser that was tricked. */
  readonly listener: "loopback" | "network";
  /** The target and header of a request, in bytes. */
  readonly maxHeaderBytes: number;
  readonly baseUrl?: URL;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
}

const LOOPBACK_NAMES: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/** Checks `Host` (DNS rebinding) and `Origin` (2025-11-25 `basic/transports` § Security Warning). */
export class Admission {
  readonly #listener: AdmissionOptions["listener"];
  readonly #maxHeaderBytes: number;
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;

  constructor(options: AdmissionOptions) {
    const { baseUrl, allowedHosts, allowedOrigins } = options;
    this.#listener = options.listener;
    this.#maxHeaderBytes = options.maxHeaderBytes;
    this.#hosts = new Set([
      ...LOOPBACK_NAMES,
      ...allowedHosts.map((host) => host.toLowerCase()),
      ...(baseUrl ? [baseUrl.hostname] : []),
    ]);
    this.#origins = new Set([
      ...allowedOrigins,
      ...(baseUrl ? [baseUrl.origin] : []),
    ]);
  }

  /**
   * Throws `headers_too_large`, `forbidden_host` or `forbidden_origin`. `publicHost` is what the client asked a proxy
   * for: it has to be allowed as well, and makes up for nothing, as a page that was tricked can name any.
   */
  check(url: URL, headers: Headers, publicHost = url.hostname): void {
    checkHeaderSize(url.href, headers, this.#maxHeaderBytes);
    if (!this.#allowsHost(url.hostname) || !this.#allowsHost(publicHost)) {
      throw new GatewayError(
        "forbidden_host",
        "The Host of the request is not one this gateway answers to",
        { hint: "Add it to proxy.allowedHosts, or set proxy.baseUrl" },
      );
    }
    const origin = headers.get("origin");
    if (origin === null || this.allowsOrigin(origin)) return;
    throw new GatewayError(
      "forbidden_origin",
      "Pages of this origin may not use this gateway",
      { hint: "Add the origin to proxy.allowedOrigins" },
    );
  }

  #allowsHost(hostname: string): boolean {
    return this.#listener === "network" || this.#hosts.has(hostname);
  }

  /** Whether scripts of this origin may use the gateway. */
  allowsOrigin(origin: string): boolean {
    if (this.#origins.has(origin)) return true;
    return this.#listener === "loopback" && isLoopbackOrigin(origin);
  }
}

function isLoopbackOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { hostname, protocol } = new URL(origin);
  return /^https?:$/.test(protocol) && LOOPBACK_NAMES.includes(hostname);
}
