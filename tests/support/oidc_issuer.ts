// Starts a real OpenID provider as a process of its own.

import { BUN } from "./program.ts";
import { ServerProcess } from "./server_process.ts";
import { pathOf } from "./shared_gateway.ts";

/** A running one. */
export class OidcIssuer implements AsyncDisposable {
  readonly issuer: string;
  readonly #server: ServerProcess;

  private constructor(issuer: string, server: ServerProcess) {
    this.issuer = issuer;
    this.#server = server;
  }

  /** Starts it on a free port. */
  static async start(): Promise<OidcIssuer> {
    const { server, ready } = await ServerProcess.start({
      command: BUN,
      args: [pathOf("oidc_issuer.mjs")],
      ready: /^issuer (\S+)$/,
    });
    return new OidcIssuer(ready[1] as string, server);
  }

  /** From now on another key signs, and the one before is not published any more. */
  async useNewKey(): Promise<void> {
    const { status } = await fetch(`${this.issuer}/test/new-key`);
    if (status !== 200) throw new Error(`HTTP ${status}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }
}
