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

/** The most servers that have a line: all of it has to fit on a screen. */
export const MAX_SERVER_LINES = 12;

const WORDS: Readonly<Record<Phase, readonly [string, Role]>> = {
  waiting: ["waiting", "dim"],
  connecting: ["connecting …", "hint"],
  listing: ["listing …", "hint"],
  ready: ["ready", "good"],
  failed: ["failed", "error"],
};

/** The most interesting first, where not all have room. */
const ORDER: readonly Phase[] = [
  "connecting",
  "listing",
  "failed",
  "waiting",
  "ready",
];

/** The lines for these states at a moment, none wider than `columns`. */
export function liveLines(
  states: readonly ServerState[],
  now: number,
  { columns, palette }: { readonly columns: number; readonly palette: Palette },
): string[] {
  const shown = chosen(states);
  const nameWidth = Math.max(...shown.map(({ name }) => displayWidth(name)));
  const lines = shown.map((state) => {
    const { name, phase } = state;
    const [word, role] = WORDS[phase];
    const space = " ".repeat(nameWidth - displayWidth(name));
    const start = cutTo(`${name}${space}  `, columns);
    const rest = cutTo(
      [word, elapsed(state, now)].filter(Boolean).join(" "),
      columns - displayWidth(start),
    );
    return rest === "" ? start : start + palette(role, rest);
  });
  const more = states.length - shown.length;
  return more > 0 ? [...lines, cutTo(`and ${more} more`, columns)] : lines;
}

function chosen(states: readonly ServerState[]): readonly ServerState[] {
  if (states.length <= MAX_SERVER_LINES) return states;
  const ranked = states.toSorted((a, b) =>
    ORDER.indexOf(a.phase) - ORDER.indexOf(b.phase)
  );
  const best = new Set(ranked.slice(0, MAX_SERVER_LINES));
  // In the order of the file, so that lines stay in their places.
  return states.filter((state) => best.has(state));
}

function elapsed({ since }: ServerState, now: number): string {
  return since === undefined ? "" : `${((now - since) / 1_000).toFixed(1)} s`;
}
