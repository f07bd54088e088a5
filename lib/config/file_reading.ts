// What became of reading a file that a configuration names.

/** Its text, or why there is none. */
export type FileReading =
  | {
    readonly text: string;
    /** Its permission bits, such as 0o600; absent where the platform has none. */
    readonly mode?: number;
  }
  | {
    /** Follows "the file cannot be used: ". */
    readonly problem: string;
  };

/** Reads the file at an absolute path. Never throws. */
export type FileReader = (path: string) => FileReading;
