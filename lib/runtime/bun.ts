// The part of Bun's own API that is used. Bun's declarations cannot be: they change those of `URL` and timers for all code.

/** What Bun calls to answer, and what it is told (bun.com/docs/api/http). */
export interface BunServeOptions {
  readonly hostname?: string;
  readonly port: number;
  readonly development: boolean;
  readonly reusePort: boolean;
  readonly maxRequestBodySize: number;
  /** In seconds; 255 at most. */
  readonly idleTimeout: number;
  readonly tls?: BunTls;
  fetch(request: Request, server: BunServer): Promise<Response>;
  error(error: unknown): Response;
}

/** The certificates of a listener, each a text in PEM. TLS 1.2 is the oldest version that Bun speaks. */
export interface BunTls {
  readonly cert: string;
  readonly key: string;
  /** Whose certificates clients may have. */
  readonly ca?: string;
  readonly requestCert?: boolean;
  readonly rejectUnauthorized?: boolean;
}

/** A listener of Bun. */
export interface BunServer {
  readonly port: number;
  /** Absent once the client is gone. */
  requestIP(request: Request): { readonly address: string } | null;
  /** Sets the idle limit of one request's connection; 0 lifts it. */
  timeout(request: Request, seconds: number): void;
  /** Refuses new connections; drops the others where `closeActiveConnections`, else resolves when they are done. */
  stop(closeActiveConnections?: boolean): Promise<void>;
}

/** The global `Bun`. */
export interface Bun {
  serve(options: BunServeOptions): BunServer;
  /** Whether this is a program built with `bun build --compile`. */
  readonly isStandaloneExecutable: boolean;
}

/** Bun's API; to be called on Bun only. */
export function bun(): Bun {
  return (globalThis as unknown as { readonly Bun: Bun }).Bun;
}
