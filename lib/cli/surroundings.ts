// What a command sees of the process it runs in.

/** The parts of a process that decide what a command does. */
export interface Surroundings {
  /** What was typed after the program's name. */
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}
