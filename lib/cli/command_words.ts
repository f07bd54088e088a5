// The command after `--`, which is another program's: none of its words is looked at.

/** A command that is to be run: the program, and its arguments. */
export type CommandWords = readonly [string, ...string[]];

/** A command line, taken apart. */
export interface SplitLine {
  /** What is for mcp-front itself. */
  readonly own: readonly string[];
  /** What stands after the first `--`; absent where there is none. */
  readonly after?: readonly string[];
}

/** Takes a command line apart at its first `--`. */
export function splitAtCommand(args: readonly string[]): SplitLine {
  const at = args.indexOf("--");
  if (at < 0) return { own: args };
  return { own: args.slice(0, at), after: args.slice(at + 1) };
}

/** Whether these words can be run: there is a program among them. */
export function isCommand(
  words: readonly string[] | undefined,
): words is CommandWords {
  return words?.[0] !== undefined && words[0] !== "";
}
