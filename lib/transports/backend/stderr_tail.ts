// What a child says on stderr: to the log, not too fast, and its last lines kept for the error about its death.

import { stripVTControlCharacters } from "node:util";
import { EVENTS } from "../../telemetry/events.ts";
import type { Log } from "../../telemetry/log.ts";
import { LineSplitter } from "../lines.ts";

/** The longest line kept or logged, in bytes. */
const MAX_LINE_BYTES = 400;
const KEPT_LINES = 10;
/** How many lines a second go to the log; a child that floods is cut short there. */
const LOGGED_LINES_PER_SECOND = 50;

/** Reads a child's stderr to its end, always, so that the child never waits for it. */
export class StderrTail {
  readonly #log: Log;
  readonly #lines = new LineSplitter(MAX_LINE_BYTES, "cut");
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>;
  #last: string[] = [];
  #second = 0;
  #loggedThisSecond = 0;
  #unlogged = 0;

  constructor(stderr: NodeJS.ReadableStream, log: Log) {
    this.#log = log;
    stderr.on("data", (chunk: Uint8Array) => {
      for (const line of this.#lines.push(chunk)) this.#take(line);
    });
    this.ended = new Promise((resolve) => {
      stderr.once("end", () => resolve());
      stderr.once("close", () => resolve());
    });
  }

  /** The last lines, oldest first; a line not ended yet is the last of them. */
  text(): string {
    const rest = this.#lines.rest();
    if (rest) this.#take(rest);
    return this.#last.join("\n");
  }

  #take(line: Uint8Array): void {
    const text = printable(line);
    if (text === "") return;
    this.#last = [...this.#last, text].slice(-KEPT_LINES);
    if (this.#mayLog()) this.#log.debug(EVENTS.stderrLine, { line: text });
    else this.#unlogged++;
  }

  #mayLog(): boolean {
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#second) {
      if (this.#unlogged > 0) {
        this.#log.debug("Backend stderr left out", { lines: this.#unlogged });
      }
      this.#second = second;
      this.#loggedThisSecond = 0;
      this.#unlogged = 0;
    }
    return ++this.#loggedThisSecond <= LOGGED_LINES_PER_SECOND;
  }
}

/** A line as text that cannot steer a terminal. */
function printable(line: Uint8Array): string {
  const text = stripVTControlCharacters(new TextDecoder().decode(line));
  return text.replace(/\p{Cc}/gu, " ").trim();
}
