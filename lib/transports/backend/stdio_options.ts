// What the operator says about a server that is a child process.

/** How to start the child. */
export interface StdioOptions {
  /** A program on the child's PATH, or an absolute path. */
  readonly command: string;
  /** Its arguments, as they are; no shell reads them. */
  readonly args: readonly string[];
  /** The whole environment of the child; nothing else is inherited. May hold secrets. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly cwd: string;
}
