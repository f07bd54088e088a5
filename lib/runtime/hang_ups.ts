// SIGHUP: what operators send to have a configuration read again, and what a terminal sends when it is closed.

import { closeSync, openSync } from "node:fs";
import { platform } from "node:os";
import process from "node:process";

/** The SIGHUPs of this process. Make one, early: it takes them over. */
export class HangUps {
  /** Resolves when the terminal is gone from which the process was started, and otherwise never. */
  readonly closed: Promise<"SIGHUP">;
  readonly #hadTerminal = process.stdin.isTTY || process.stderr.isTTY;
  #onAsked?: () => void;
  #wasAsked = false;

  constructor() {
    const closed = Promise.withResolvers<"SIGHUP">();
    this.closed = closed.promise;
    process.on("SIGHUP", () => {
      const isClosed = this.#hadTerminal && !hasTerminal();
      if (isClosed || platform() === "win32") return closed.resolve("SIGHUP");
      if (this.#onAsked) this.#onAsked();
      else this.#wasAsked = true;
    });
  }

  /** Calls `listener` for each, and at once for those that came before. */
  onAsked(listener: () => void): void {
    this.#onAsked = listener;
    if (this.#wasAsked) listener();
  }
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false; // That is how it is told.
  }
}
