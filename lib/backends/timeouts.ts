// How long a backend may take.

/** How long things may take, in milliseconds. */
export interface Timeouts {
  /** From the first message of a session to the backend's answer to `initialize`. */
  readonly openMs: number;
  /** From a request to its answer; progress starts it anew. */
  readonly requestMs: number;
  /** From a request to its answer, whatever progress there is. */
  readonly requestMaxMs: number;
}
