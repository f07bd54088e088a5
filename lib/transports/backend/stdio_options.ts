// What the operator says about a server that is a child process.

/** The command that is this very program, which need not be on the PATH: `mcp-front demo database`. */
export const OWN_NAME = "mcp-front";

/** How to start the child. */
export interface StdioOptions {
  /** A program on the child's PATH, an absolute path, or `OWN_NAME`. */
  readonly command: string;
  /** Its arguments, as they are; no shell reads them. */
  readonly args: readonly string[];
  /** The whole environment of the child; nothing else is inherited. May hold secrets. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly cwd: string;
}
