// Which eras a server has shown to speak, as long as nothing shows otherwise.

import type { Log } from "../telemetry/log.ts";
import type { Era } from "./era.ts";

/** What is remembered of one server, for all its clients (2026-07-28 `basic/versioning` § Backward Compatibility). */
export class EraMemory {
  readonly #server: string;
  readonly #log: Log;
  readonly #known = new Map<Era, boolean>();

  constructor(server: string, log: Log) {
    this.#server = server;
    this.#log = log;
  }

  /** Whether the server speaks an era; nothing where that is not known. */
  speaks(era: Era): boolean | undefined {
    return this.#known.get(era);
  }

  /** It does, or does not. */
  learn(era: Era, speaks: boolean): void {
    if (this.#known.get(era) === speaks) return;
    this.#known.set(era, speaks);
    this.#log.info("Backend era found", {
      server: this.#server,
      era,
      spoken: speaks,
    });
  }

  /** What was known may have changed. */
  forget(era: Era): void {
    this.#known.delete(era);
  }
}
