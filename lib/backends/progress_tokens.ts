// Which open request each progress token belongs to.

import { SlimMap } from "../channel/slim_map.ts";

/** The progress tokens of open requests, both by their keys. */
export class ProgressTokens {
  readonly #requests = new SlimMap<string, string>();
  readonly #tokens = new SlimMap<string, string>();

  /** Notes that a request is told of progress under a token. */
  enter(request: string, token: string): void {
    this.forget(request);
    this.#tokens.set(request, token);
    this.#requests.set(token, request);
  }

  /** The request that a token belongs to. */
  requestOf(token: string): string | undefined {
    return this.#requests.get(token);
  }

  /** A request is over. */
  forget(request: string): void {
    const token = this.#tokens.get(request);
    if (token === undefined) return;
    this.#tokens.delete(request);
    if (this.#requests.get(token) === request) this.#requests.delete(token);
  }
}
