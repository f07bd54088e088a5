// What listening for HTTP means, whatever runtime does it.

import type { TlsOptions } from "./tls_options.ts";

/** The connection a request came on. */
export interface Peer {
  /** The remote IP address, without port; IPv4 also where the listener is dual-stack. */
  readonly address: string;
  /** Lifts the idle limit of the connection: the answer may take long. Call it after the body is read. */
  hold(): void;
  /** Puts the idle limit back, just before the answer ends. */
  release(): void;
}

/** Where to listen, and who answers. */
export interface ServeOptions {
  /** An IP address or host name; absent: every interface, IPv6 and IPv4. */
  readonly hostname?: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Longer bodies are refused with 413 by the runtime, where it can (Bun). Who reads a body keeps the bound too. */
  readonly maxBodyBytes: number;
  /** How long a connection may be silent, unless it is held; where the runtime has such a limit (Bun). */
  readonly idleSeconds: number;
  /** Absent: plain HTTP. */
  readonly tls?: TlsOptions;
  respond(request: Request, peer: Peer): Promise<Response>;
  /** Told what `respond` threw; the client gets a 500 that says nothing of it. */
  onFailure(error: unknown): void;
}

/** A port that is being listened on. */
export interface Listener {
  readonly port: number;
  /**
   * Takes other certificates: from when it resolves, new connections get these. What is under way on
   * older ones goes on to its end. Rejects with a `RenewalError`; then everything is as it was.
   */
  renew(tls: TlsOptions): Promise<void>;
  /** Refuses new connections at once; resolves when those in flight have their answers. */
  stop(): Promise<void>;
  /** Drops what is left; after `stop()` on Deno, only the end of the process does. */
  kill(): Promise<void>;
}

/** Why a port cannot be listened on. */
export type ListenFailure =
  | "in_use"
  | "denied"
  | "unavailable"
  | "bad_certificate"
  | "no_client_certificates"
  | "unknown";

const FAILURES: Readonly<Record<string, ListenFailure>> = {
  EADDRINUSE: "in_use",
  EACCES: "denied",
  EPERM: "denied",
  EADDRNOTAVAIL: "unavailable",
  EAFNOSUPPORT: "unavailable",
  EINVAL: "unavailable",
  ENOTFOUND: "unavailable",
};

/** The port cannot be listened on. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  readonly reason: ListenFailure;

  /** @param otherwise the reason where `cause` has no code that tells it */
  constructor(cause: unknown, otherwise: ListenFailure = "unknown") {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    const code = (cause as { code?: unknown } | null)?.code;
    this.reason = FAILURES[String(code)] ?? otherwise;
  }
}

/** The certificates of a listener cannot be changed: `unsupported` while it runs, or `failed` this time. */
export class RenewalError extends Error {
  override readonly name = "RenewalError";
  readonly reason: "unsupported" | "failed";

  constructor(reason: RenewalError["reason"], message: string, cause?: Error) {
    super(message, { cause });
    this.reason = reason;
  }
}

/** A remote address as people write it: IPv4 where it is IPv4 carried in IPv6. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}
