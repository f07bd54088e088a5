// The environment for a program of ours that needs none.

import process from "node:process";

/** Empty, but for what Windows cannot start a program without. */
export function bareEnvironment(): Record<string, string> {
  const { SystemRoot } = process.env;
  return SystemRoot === undefined ? {} : { SystemRoot };
}
