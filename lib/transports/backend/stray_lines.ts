// Lines on a child's output that are no messages: banners and prints. They are skipped, and told in the log, not too often.

import { EVENTS } from "../../telemetry/events.ts";
import type { Log } from "../../telemetry/log.ts";

const WARNINGS = 3;
const SHOWN_LINES = 20;
const SHOWN_BYTES = 200;

/** Counts what was skipped; the first few are warnings. */
export class StrayLines {
  readonly #log: Log;
  #count = 0;
  #showing = true;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Notes a skipped line. */
  skip(line: Uint8Array): void {
    this.#count++;
    if (this.#count <= WARNINGS) {
      this.#log.warn(EVENTS.strayLine, {
        bytes: line.length,
        hint: "An MCP server over stdio must print everything else on stderr",
      });
    }
    if (!this.#showing || this.#count > SHOWN_LINES) return;
    const text = new TextDecoder().decode(line.subarray(0, SHOWN_BYTES));
    // A piece of a broken message may hold what must not be logged, and so may the lines it fell into; a banner has no such marks.
    this.#showing = !/["{}[\]]/.test(text);
    if (!this.#showing) return;
    this.#log.debug("Backend banner", { line: text.trim() });
  }

  /** Tells the sum, if the warnings did not. */
  finish(): void {
    if (this.#count <= WARNINGS) return;
    this.#log.warn("Backend wrote lines that are not messages", {
      lines: this.#count,
    });
  }
}
