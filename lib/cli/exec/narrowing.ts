// `-only`: what the command may use, from the words that were typed.

import type { Narrowing, PatternList, PlacedPattern } from "../../../mod.ts";
import { CommandError, EXIT_CODES } from "../command_error.ts";
import { checkServerName } from "../known_names.ts";

/** Where these rules stand, as refusals name it. */
const PATH = "-only";

/**
 * Reads `SERVER` and `SERVER/TOOL`, where the tool may be a pattern; undefined where nothing was
 * typed. Throws a `CommandError` for a server that is none, and for a tool without a name.
 */
export function narrowingOf(
  words: readonly string[],
  servers: readonly string[],
  file: string,
): Narrowing | undefined {
  if (words.length === 0) return undefined;
  const whole = new Set<string>();
  const tools = new Map<string, PlacedPattern[]>();
  for (const word of words) {
    const [server = "", ...rest] = word.split("/");
    checkServerName(server, servers, file);
    if (rest.length === 0) {
      whole.add(server);
      continue;
    }
    const text = rest.join("/");
    if (text === "") throw noTool(server);
    const shown = JSON.stringify(text);
    tools.set(server, [
      ...tools.get(server) ?? [],
      { path: PATH, text, shown },
    ]);
  }
  const left = new Map<string, PatternList | "all">();
  for (const [server, patterns] of tools) {
    left.set(server, { path: PATH, patterns });
  }
  // Whoever names a server itself has all of it, whatever else is named.
  for (const server of whole) left.set(server, "all");
  return { path: PATH, servers: left };
}

function noTool(server: string): CommandError {
  return new CommandError(
    `-only ${server}/ names no tool`,
    `write -only ${server}/TOOL, or -only ${server} for all that it has`,
    EXIT_CODES.usage,
  );
}
