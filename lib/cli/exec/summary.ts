// What is told of a run once it is over, in both forms.

import type { ServerFigures } from "./tally.ts";

/** A run of a command. */
export interface Summary {
  /** The name of the token whose rights it had. */
  readonly token: string;
  /** When the command was started, and when it ended. */
  readonly started: Date;
  readonly ended: Date;
  /** That of the command; 128 and the number of the signal where one has ended it. */
  readonly exitCode: number;
  /** In the order of the file. */
  readonly servers: readonly ServerFigures[];
}

/** How long the command ran, in milliseconds. */
export function durationOf({ started, ended }: Summary): number {
  return Math.max(0, ended.getTime() - started.getTime());
}
