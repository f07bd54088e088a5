// The log lines that the program itself listens for or reads again, by their texts.

/** Each is written by one part and needed by another. */
export const EVENTS = {
  /** With the `server` and the `transport` that a backend by url turned out to speak. */
  transportFound: "Backend transport found",
  /** With the `server` and a `line` that its process wrote on stderr. */
  stderrLine: "Backend stderr",
  /** With the `server` whose process printed something to stdout besides messages. */
  strayLine: "Backend wrote a line that is not a message",
  /** With the `token_name` of who came in, and the `server` it was for. */
  request: "Authenticated request",
  /** With a `token_name` where that is known, and the `server` where it was found. */
  requestRefused: "Request refused",
  /** The same, where the gateway itself failed. */
  requestFailed: "Request failed",
} as const;
