// What a session's answers hold for a client that has not read them yet, and the patience with one that does not read at all.

import type { Memory } from "../../channel/memory.ts";
import type { Log } from "../../telemetry/log.ts";

/**
 * How long a client may read nothing of a stream while its session waits for it, in milliseconds.
 * The system takes more only when a third of its own buffer is free (Linux: of up to 4 MiB), so
 * this is what a steady reader of 150 KB/s needs to be seen.
 */
export const READER_PATIENCE_MS = 10_000;

/** How long it may be waited for once the session is to end, in milliseconds. */
export const LAST_PATIENCE_MS = 1_000;

/** How long the client may take to read the rest once the session has ended, in milliseconds. */
export const LINGER_MS = 60_000;

/** How soon to look again, in milliseconds: others than the client may make room. */
const RECHECK_MS = 100;

/** What a client has not read yet of one answer. */
export interface Unread {
  /** What the answer is to, for the log: a GET or POST of Streamable HTTP, or the GET of HTTP+SSE. */
  readonly name: "GET" | "POST" | "SSE";
  /** In bytes. */
  readonly weight: number;
  /** When the client last read something, or had nothing to read, as `performance.now()` has it. */
  readonly readAt: number;
  /** Throws it away; the client sees an answer that broke off. */
  cut(): void;
  /** Throws it away; what is said next is seen by the client, unless it has read part of a message. */
  withhold(): void;
}

/** The bound that a body was cut for, as the configuration names it. */
export type BacklogLimit = "streamBuffer" | "sessionBuffer";

interface Obstacle {
  readonly body: Unread;
  readonly limit: BacklogLimit;
}

/** The bounds of a backlog. */
export interface BacklogOptions {
  /** Is told what was cut. */
  readonly log: Log;
  /** What waits in one body before its session has to wait, in bytes; one message more is taken below it. */
  readonly streamBytes: number;
  /** The account of the session. */
  readonly memory: Memory;
  /** Default: `READER_PATIENCE_MS`. */
  readonly patienceMs?: number;
}

/** The bodies of one session that are not read to their end. */
export class Backlog {
  /** See `BacklogOptions`. */
  readonly streamBytes: number;
  readonly #log: Log;
  readonly #memory: Memory;
  readonly #patienceMs: number;
  readonly #bodies = new Set<Unread>();
  /** When patience with anyone ends. */
  #deadline = Infinity;
  #progress?: PromiseWithResolvers<void>;
  #linger?: ReturnType<typeof setTimeout>;
  #withheld = false;
  #closed = false;
  readonly #read = Promise.withResolvers<void>();

  constructor(options: BacklogOptions) {
    const { log, streamBytes, memory, patienceMs } = options;
    this.streamBytes = streamBytes;
    this.#log = log;
    this.#memory = memory;
    this.#patienceMs = patienceMs ?? READER_PATIENCE_MS;
  }

  /** Whether the session holds all it may. */
  get crowded(): boolean {
    return this.#memory.full;
  }

  /** Whether so much is held that a body may be full: only then is it worth while to ask for room. */
  get tight(): boolean {
    return this.#memory.used >= this.streamBytes || this.#memory.full;
  }

  /** Resolves when it is closed and every body was read, or will not be. */
  get read(): Promise<void> {
    return this.#read.promise;
  }

  /** Keeps account of a body from now on. */
  enter(body: Unread): void {
    this.#bodies.add(body);
  }

  /** Forgets a body: it was read to its end, or nobody will. */
  leave(body: Unread): void {
    this.#bodies.delete(body);
    if (this.#bodies.size === 0) {
      clearTimeout(this.#linger);
      if (this.#closed) this.#read.resolve();
    }
    this.#progress?.resolve();
  }

  /** Notes that the client left before it had read all of a body. */
  left({ name, weight }: Unread): void {
    if (weight === 0) return;
    const reason = "its client has left";
    this.#log.info("Stream left", {
      stream: name,
      reason,
      unread_bytes: weight,
    });
  }

  /** Notes that so many bytes more wait for the client; below 0, that they no longer do. */
  changed(bytes: number): void {
    this.#memory.add(bytes);
    if (bytes < 0) this.#progress?.resolve();
  }

  /**
   * Resolves once there is room for another message: in the body it goes to, if there is one
   * already, and in the session. A body whose reader took nothing for too long is cut to make some.
   *
   * @param goal says which body that is; it may be another one after a while
   */
  async room(goal: () => Unread | undefined): Promise<void> {
    const began = performance.now();
    for (;;) {
      const obstacle = this.#obstacle(goal());
      if (!obstacle) return;
      const { body, limit } = obstacle;
      const leftMs = this.#patienceWith(body, began);
      if (leftMs <= 0) this.cut(body, limit);
      else if (limit === "streamBuffer") await this.#progressWithin(leftMs);
      else await this.#progressWithin(Math.min(leftMs, RECHECK_MS));
    }
  }

  /** Cuts a body off, and says so in the log. */
  cut(body: Unread, limit: BacklogLimit): void {
    const reason = "the client stopped reading";
    this.#logCut(body, { reason, limit });
  }

  /** Whether the client has no right to what servers say any more. */
  get withheld(): boolean {
    return this.#withheld;
  }

  /** The client has lost its right: what it has not read, it does not get. */
  withhold(): void {
    this.#withheld = true;
    for (const body of [...this.#bodies]) {
      const { name, weight } = body;
      if (weight === 0) continue;
      this.#log.info("Withheld", { stream: name, unread_bytes: weight });
      body.withhold();
    }
  }

  /** The session is to end: nobody is waited for much longer. */
  hurry(): void {
    const deadline = performance.now() + LAST_PATIENCE_MS;
    this.#deadline = Math.min(this.#deadline, deadline);
    this.#progress?.resolve();
  }

  /** Nobody waits any more; the client may still read what is there. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#progress?.resolve();
    if (this.#bodies.size === 0) this.#read.resolve();
    else this.#linger = setTimeout(() => this.#giveUp(), LINGER_MS);
  }

  /** The body that has to be read first: the message's own, or, when the session is full, the fullest. */
  #obstacle(own: Unread | undefined): Obstacle | undefined {
    if (this.#closed) return undefined;
    if (own && own.weight >= this.streamBytes) {
      return { body: own, limit: "streamBuffer" };
    }
    if (!this.#memory.full) return undefined;
    let fullest: Unread | undefined;
    for (const body of this.#bodies) {
      if (body.weight > (fullest?.weight ?? 0)) fullest = body;
    }
    return fullest && { body: fullest, limit: "sessionBuffer" };
  }

  /** A body that is full is given a moment even after a long silence: it may have been the gateway that slept. */
  #patienceWith({ readAt }: Unread, began: number): number {
    const end = Math.min(readAt + this.#patienceMs, this.#deadline);
    return Math.max(end, began + RECHECK_MS) - performance.now();
  }

  async #progressWithin(limitMs: number): Promise<void> {
    const progress = this.#progress ??= Promise.withResolvers<void>();
    const timer = setTimeout(() => progress.resolve(), limitMs);
    await progress.promise;
    clearTimeout(timer);
    if (this.#progress === progress) this.#progress = undefined;
  }

  #giveUp(): void {
    const reason = "the client did not read the rest after the session's end";
    for (const body of [...this.#bodies]) this.#logCut(body, { reason });
  }

  #logCut(body: Unread, why: { reason: string; limit?: string }): void {
    const { name, weight } = body;
    this.#log.warn("Stream cut", {
      stream: name,
      ...why,
      unread_bytes: weight,
    });
    body.cut();
  }
}
