// How much anyone may take up: every bound that an operator can set, with its default.

const KIB = 1024;
const MIB = 1024 * KIB;
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** The limits of a gateway, `proxy.limits` in the configuration. Counts are of things, sizes in bytes, times in milliseconds. */
export interface Limits {
  /** Sessions in all. */
  readonly sessions: number;
  /** Sessions of one token. */
  readonly sessionsPerToken: number;
  /** Child processes in all. */
  readonly children: number;
  /** Child processes of one token. */
  readonly childrenPerToken: number;
  /** Child processes of one server. */
  readonly childrenPerServer: number;
  /** Requests of one session that wait for their answers, in each direction. */
  readonly requestsPerSession: number;
  /** A message of a client. */
  readonly clientMessageBytes: number;
  /** A message of a server. */
  readonly serverMessageBytes: number;
  /** The header of an HTTP request: its names and values. */
  readonly headerBytes: number;
  /** What waits on one stream, to either side, for a peer that has not read it yet; one message more is taken below it. */
  readonly streamBytes: number;
  /** What waits on all streams of a session. */
  readonly sessionBytes: number;
  /** From the first message of a session to the server's answer to `initialize`. */
  readonly openMs: number;
  /** From a request to its answer; progress starts it anew. */
  readonly requestMs: number;
  /** From a request to its answer, whatever progress there is. */
  readonly requestMaxMs: number;
  /** How long a session may have neither a message, nor an open stream, nor a call under way. */
  readonly idleMs: number;
}

/** What holds where the configuration says nothing. */
export const DEFAULT_LIMITS: Limits = {
  sessions: 4_096,
  sessionsPerToken: 1_024,
  children: 1_024,
  childrenPerToken: 256,
  childrenPerServer: 512,
  requestsPerSession: 1_000,
  clientMessageBytes: 32 * MIB,
  serverMessageBytes: 32 * MIB,
  headerBytes: 64 * KIB,
  streamBytes: 16 * MIB,
  sessionBytes: 64 * MIB,
  openMs: 30 * SECOND_MS,
  requestMs: 5 * MINUTE_MS,
  requestMaxMs: 60 * MINUTE_MS,
  idleMs: 30 * MINUTE_MS,
};
