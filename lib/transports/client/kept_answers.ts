// Finished streams of a session, kept for a while for a client that lost one before its end.

import { SlimMap } from "../../channel/slim_map.ts";
import type { Log } from "../../telemetry/log.ts";
import type { CallRoute } from "./call_route.ts";

/** How long a finished stream waits for its client to come back for the rest. */
export const KEPT_MS = 60_000;

/** The resumable routes of one session, by their name in event ids. */
export class KeptAnswers {
  readonly #log: Log;
  readonly #maxBytes: number;
  readonly #routes = new SlimMap<string, CallRoute>();
  readonly #finished = new SlimMap<CallRoute, ReturnType<typeof setTimeout>>();

  /** @param maxBytes what the finished streams may hold in all; the oldest go first */
  constructor(log: Log, maxBytes: number) {
    this.#log = log;
    this.#maxBytes = maxBytes;
  }

  /** Makes a route findable by its name, if its client is given event ids. */
  enter(route: CallRoute): void {
    if (route.name !== undefined) this.#routes.set(route.name, route);
  }

  /** Starts the clock of a route that has had all its answers. */
  finish(route: CallRoute): void {
    if (!route.resumable) return this.#forget(route);
    const timer = setTimeout(() => this.#expire(route), KEPT_MS);
    this.#finished.set(route, timer);
    let bytes = 0;
    for (const { keptBytes } of this.#finished.keys()) bytes += keptBytes;
    for (const oldest of this.#finished.keys()) {
      if (bytes <= this.#maxBytes || oldest === route) break;
      bytes -= oldest.keptBytes;
      this.#expire(oldest);
    }
  }

  /** The route with this name, if it is still there. */
  named(name: string): CallRoute | undefined {
    return this.#routes.get(name);
  }

  /** Forgets everything. */
  close(): void {
    for (const timer of this.#finished.values()) clearTimeout(timer);
    for (const route of this.#routes.values()) route.forgetAnswers();
    this.#finished.clear();
    this.#routes.clear();
  }

  #expire(route: CallRoute): void {
    if (route.lost) {
      this.#log.info("Answer discarded", {
        reason: "its client did not come back for it",
      });
    }
    this.#forget(route);
  }

  #forget(route: CallRoute): void {
    clearTimeout(this.#finished.get(route));
    this.#finished.delete(route);
    if (route.name !== undefined) this.#routes.delete(route.name);
    route.forgetAnswers();
  }
}
