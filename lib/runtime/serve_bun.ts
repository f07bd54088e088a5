// The HTTP listener of Bun.

import { platform } from "node:os";
import { answer, failed } from "./answer.ts";
import { bun } from "./bun.ts";
import type { BunServer, BunTls } from "./bun.ts";
import { ListenError, plainAddress, RenewalError } from "./listener.ts";
import type { Listener, Peer, ServeOptions } from "./listener.ts";
import type { TlsOptions } from "./tls_options.ts";

/** Older listeners that still have something under way; the oldest is dropped for one more. */
export const MAX_OLDER = 8;

/** Listens by `Bun.serve`. Throws `ListenError`. */
export function serveOnBun(options: ServeOptions): Listener {
  return new BunListener(options);
}

/** Bun cannot change the certificate of a listener: there a second one takes the port over from the first. */
class BunListener implements Listener {
  readonly port: number;
  readonly #options: ServeOptions;
  #current: BunServer;
  /** The oldest first; each leaves when it is done. */
  readonly #older = new Set<BunServer>();
  #isStopped = false;

  constructor(options: ServeOptions) {
    this.#options = options;
    if (mayBeRenewed(options)) checkIsFree(options);
    this.#current = listen(options);
    this.port = this.#current.port;
  }

  // deno-lint-ignore require-await -- what is thrown becomes a rejection
  async renew(tls: TlsOptions): Promise<void> {
    this.#checkRenewal();
    const older = this.#current;
    try {
      this.#current = listen({ ...this.#options, port: this.port, tls });
    } catch (error) {
      const { message } = error as ListenError;
      throw new RenewalError("failed", message, error as ListenError);
    }
    this.#drain(older);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#all.map((one) => one.stop()));
  }

  async kill(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#all.map((one) => one.stop(true)));
  }

  get #all(): BunServer[] {
    return [this.#current, ...this.#older];
  }

  #checkRenewal(): void {
    if (!mayBeRenewed(this.#options) || this.#isStopped) {
      throw new RenewalError(
        "unsupported",
        "This listener cannot take another certificate while it runs",
      );
    }
  }

  #drain(older: BunServer): void {
    this.#older.add(older);
    older.stop().then(() => this.#older.delete(older));
    const [oldest] = this.#older;
    if (this.#older.size > MAX_OLDER) oldest?.stop(true);
  }
}

/** Whether a port can be taken over: two listeners have it for a moment, which of all systems Linux allows in a useful way. */
function mayBeRenewed({ tls }: ServeOptions): boolean {
  return tls !== undefined && platform() === "linux";
}

/** A port that may be shared would be taken from another listener that shares it, without a word: asks without sharing. */
function checkIsFree(options: ServeOptions): void {
  if (options.port === 0) return;
  listen({ ...options, tls: undefined }).stop(true);
}

function listen(options: ServeOptions): BunServer {
  const { tls } = options;
  try {
    return bun().serve({
      hostname: options.hostname,
      port: options.port,
      maxRequestBodySize: options.maxBodyBytes,
      idleTimeout: options.idleSeconds,
      // By default Bun shows source code on errors and shares the port with whoever else asks for it.
      development: false,
      reusePort: mayBeRenewed(options),
      ...(tls && { tls: bunTls(tls) }),
      fetch: (request, server) =>
        answer(request, peerOf(request, server, options), options),
      error: (error) => failed(error, options),
    });
  } catch (error) {
    throw new ListenError(error, tls && "bad_certificate");
  }
}

function bunTls({ cert, key, clientCa }: TlsOptions): BunTls {
  const own = { cert, key: key.reveal() };
  return clientCa === undefined
    ? own
    : { ...own, ca: clientCa, requestCert: true, rejectUnauthorized: true };
}

function peerOf(
  request: Request,
  server: BunServer,
  options: ServeOptions,
): Peer {
  return {
    address: plainAddress(server.requestIP(request)?.address ?? "unknown"),
    hold: () => server.timeout(request, 0),
    release: () => server.timeout(request, options.idleSeconds),
  };
}
