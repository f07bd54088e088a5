// What a terminal shows while servers are connected to: one line for each.

import type { Palette, Role } from "../palette.ts";
import { cutTo, displayWidth } from "./display_width.ts";

/** How far it is with a server. */
export type Phase = "waiting" | "connecting" | "listing" | "ready" | "failed";

/** The state of one server. */
export interface ServerState {
  readonly name: string;
  readonly phase: Phase;
  /** When it was begun with; absent while it waits and once it is done. In milliseconds, on the clock of `now`. */
  readonly since?: number;
}

/** The most servers that have a line, however high the terminal is. */
export const MAX_SERVER_LINES = 12;

const GAP = "  ";

const WORDS: Readonly<Record<Phase, readonly [string, Role]>> = {
  waiting: ["waiting", "dim"],
  connecting: ["connecting …", "hint"],
  listing: ["listing …", "hint"],
  ready: ["ready", "good"],
  failed: ["failed", "error"],
};

const WIDEST_WORD = Math.max(
  ...Object.values(WORDS).map(([word]) => displayWidth(word)),
);

/** The most interesting first, where not all have room. */
const ORDER: readonly Phase[] = [
  "connecting",
  "listing",
  "failed",
  "waiting",
  "ready",
];

/** Where the lines have to fit, and their colours. */
export interface LivePage {
  readonly columns: number;
  readonly rows: number;
  readonly palette: Palette;
}

/** The lines for these states at a moment: none wider than `columns`, and no more than `rows`. */
export function liveLines(
  states: readonly ServerState[],
  now: number,
  { columns, rows, palette }: LivePage,
): string[] {
  // One row is for the line that counts the others.
  const limit = Math.min(MAX_SERVER_LINES, rows - 1);
  if (limit < 1) return [];
  const shown = chosen(states, limit);
  const nameWidth = nameWidthOf(shown, columns);
  const lines = shown.map((state) => {
    const name = cutTo(state.name, nameWidth);
    const space = " ".repeat(nameWidth - displayWidth(name));
    const start = cutTo(`${name}${space}${GAP}`, columns);
    const room = columns - displayWidth(start);
    const status = cutTo(statusOf(state, now, room), room);
    const [, role] = WORDS[state.phase];
    return status === "" ? start : start + palette(role, status);
  });
  const more = states.length - shown.length;
  return more > 0 ? [...lines, cutTo(`and ${more} more`, columns)] : lines;
}

function chosen(
  states: readonly ServerState[],
  limit: number,
): readonly ServerState[] {
  if (states.length <= limit) return states;
  const ranked = states.toSorted((a, b) =>
    ORDER.indexOf(a.phase) - ORDER.indexOf(b.phase)
  );
  const best = new Set(ranked.slice(0, limit));
  // In the order of the file, so that lines stay in their places.
  return states.filter((state) => best.has(state));
}

/** That of the longest name, unless it leaves no room for what is said of the servers. */
function nameWidthOf(states: readonly ServerState[], columns: number): number {
  const longest = Math.max(...states.map(({ name }) => displayWidth(name)));
  const room = columns - GAP.length - WIDEST_WORD;
  return Math.min(longest, Math.max(1, room));
}

/** How far it is and for how long; only how far where there is too little room. */
function statusOf(
  { phase, since }: ServerState,
  now: number,
  room: number,
): string {
  const [word] = WORDS[phase];
  if (since === undefined) return word;
  const whole = `${word} ${((now - since) / 1_000).toFixed(1)} s`;
  return displayWidth(whole) <= room ? whole : word;
}
