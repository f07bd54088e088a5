// The lines on a terminal that change while servers are connected to, and are gone when that is done.

import { clearInterval, setInterval } from "node:timers";
import type { TerminalSize } from "../../runtime/terminal.ts";
import type { Palette } from "../palette.ts";
import { liveLines } from "./live_lines.ts";
import type { Phase, ServerState } from "./live_lines.ts";

const REDRAW_MS = 100;

/** Where the lines are drawn. */
export interface Screen {
  /** Its size at this moment; `undefined` once it is no terminal. */
  size(): TerminalSize | undefined;
  readonly palette: Palette;
  print(text: string): Promise<void>;
}

/** Draws the lines, again and again, until it is closed. */
export class LiveDisplay {
  readonly #screen: Screen;
  readonly #states: Map<string, ServerState>;
  readonly #timer: ReturnType<typeof setInterval>;
  #drawn = 0;
  #drawing?: Promise<void>;

  /** @param names those of the servers, in the order of their lines */
  constructor(names: readonly string[], screen: Screen) {
    this.#screen = screen;
    this.#states = new Map(
      names.map((name) => [name, { name, phase: "waiting" }]),
    );
    this.#timer = setInterval(() => this.#redraw(), REDRAW_MS);
  }

  /** Notes how far it is with a server. */
  note(name: string, phase: Phase): void {
    const now = performance.now();
    const { since = now } = this.#states.get(name) ?? {};
    const isDone = phase === "ready" || phase === "failed";
    this.#states.set(name, { name, phase, since: isDone ? undefined : since });
  }

  /** Stops, and takes the lines away. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#drawing;
    await this.#screen.print(this.#erasure());
    this.#drawn = 0;
  }

  #redraw(): void {
    // A terminal that is slow to take the lines gets fewer of them.
    this.#drawing ??= this.#draw().catch(() => {
      // The terminal is gone, and with it who would look: the check itself goes on.
      clearInterval(this.#timer);
    }).finally(() => {
      this.#drawing = undefined;
    });
  }

  async #draw(): Promise<void> {
    const { palette } = this.#screen;
    const size = this.#screen.size();
    if (size === undefined) return;
    const states = [...this.#states.values()];
    // One column less: a character in the last one makes some terminals begin a new line.
    const columns = size.columns - 1;
    // One row less: the cursor stands below the lines, and what scrolls away cannot be taken back.
    const page = { columns, rows: size.rows - 1, palette };
    const lines = liveLines(states, performance.now(), page);
    const text = lines.map((line) => `${line}\n`).join("");
    const erasure = this.#erasure();
    this.#drawn = lines.length;
    await this.#screen.print(erasure + text);
  }

  /** Up to the first line, and clear from there to the end of the screen (ECMA-48 CUU, ED). */
  #erasure(): string {
    return this.#drawn === 0 ? "" : `\u001b[${this.#drawn}A\r\u001b[J`;
  }
}
