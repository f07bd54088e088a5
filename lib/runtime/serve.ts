// An HTTP listener on Bun or Deno: the one thing the two runtimes do differently.

import { serveOnBun } from "./serve_bun.ts";
import { serveOnDeno } from "./serve_deno.ts";
import { thisRuntime } from "./this_runtime.ts";
import type { Listener, ServeOptions } from "./listener.ts";

export { ListenError, RenewalError } from "./listener.ts";
export type {
  Listener,
  ListenFailure,
  Peer,
  ServeOptions,
} from "./listener.ts";
export type { TlsOptions } from "./tls_options.ts";

/** Listens for HTTP. Rejects with a `ListenError` where that is not possible. */
// deno-lint-ignore require-await -- what the adapters throw becomes a rejection
export async function serve(options: ServeOptions): Promise<Listener> {
  return thisRuntime() === "deno" ? serveOnDeno(options) : serveOnBun(options);
}
