// The log lines that the program itself listens for, by their texts.

/** Each is written by one part and overheard by `mcp-front check`; every line names its `server`. */
export const EVENTS = {
  /** With the `transport` that a backend by url turned out to speak. */
  transportFound: "Backend transport found",
  /** With a `line` that a backend's process wrote on stderr. */
  stderrLine: "Backend stderr",
  /** A backend's process printed something to stdout besides messages. */
  strayLine: "Backend wrote a line that is not a message",
} as const;
