// The clients whose servers can be taken over, by the names that are typed.

import { closest } from "../../config/closest.ts";
import { escapeInvisible } from "../../telemetry/loggable.ts";
import { CommandError, EXIT_CODES } from "../command_error.ts";
import { CLIENT_NAMES } from "../connect/client_names.ts";
import type { ClientName } from "../connect/client_names.ts";

/** One of them; the Inspector keeps no servers of its own. */
export type ImportableName = Exclude<ClientName, "inspector">;

/** All of them, in the order in which their servers are taken over. */
export const IMPORTABLE_NAMES: readonly ImportableName[] = CLIENT_NAMES.filter(
  (name): name is ImportableName => name !== "inspector",
);

/** Reads `cursor` or `cursor,codex`; all of them where nothing is said. Throws a `CommandError` for a name that is none. */
export function importableNames(typed: string | undefined): ImportableName[] {
  if (typed === undefined) return [...IMPORTABLE_NAMES];
  const wanted = typed.split(",").map((name) => name.trim());
  for (const name of wanted) {
    if (IMPORTABLE_NAMES.some((known) => known === name)) continue;
    const guess = closest(name, IMPORTABLE_NAMES);
    const meant = guess === undefined ? "" : `did you mean "${guess}"? `;
    throw new CommandError(
      `nothing can be imported from "${escapeInvisible(name)}"`,
      `${meant}the clients are: ${IMPORTABLE_NAMES.join(", ")}`,
      EXIT_CODES.usage,
    );
  }
  return IMPORTABLE_NAMES.filter((name) => wanted.includes(name));
}
