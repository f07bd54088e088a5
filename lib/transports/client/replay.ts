// What was sent on a resumable stream, kept so that a client that lost it can ask for the rest.

import type { Memory } from "../../channel/memory.ts";
import type { OutgoingEvent } from "./event_stream.ts";

/** How much of what may wait on a stream is kept for a client that comes back; one message more is kept below it. Less than all: what is sent again is longer by the fields of its events. */
const KEPT_SHARE = 1 / 4;

/** When a client that lost its stream should come back: the gateway ends none early, so what broke it may last a moment. */
const RETRY_MS = 1_000;

/** The bounds of what is kept. */
export interface ReplayBounds {
  /** What may wait on the stream, in bytes. */
  readonly streamBytes: number;
  /** The account of what all streams of the session keep. */
  readonly memory: Memory;
}

interface Kept {
  readonly sequence: number;
  readonly data: Uint8Array;
}

/** Event ids are `<stream>_<sequence>`, unique in the session (2025-11-25 `basic/transports` § Resumability). */
export interface EventId {
  readonly stream: string;
  readonly sequence: number;
}

/** Reads an event id; `undefined` when it is not one of ours. */
export function parseEventId(text: string): EventId | undefined {
  const match = /^([a-z0-9]+)_(\d{1,15})$/.exec(text);
  if (!match) return undefined;
  return { stream: match[1] as string, sequence: Number(match[2]) };
}

/** What one stream keeps: less where those of its session are full; the oldest go first. */
export class Replay {
  readonly #stream: string;
  readonly #memory: Memory;
  readonly #maxBytes: number;
  #kept: Kept[] = [];
  #bytes = 0;
  #sequence = 0;

  /** @param stream its name in event ids */
  constructor(stream: string, { streamBytes, memory }: ReplayBounds) {
    this.#stream = stream;
    this.#memory = memory;
    this.#maxBytes = streamBytes * KEPT_SHARE;
  }

  /** What is held, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The empty event that hands the client its first id (2025-11-25 `basic/transports` § Sending Messages to the Server 6). */
  priming(): OutgoingEvent {
    return { id: this.#id(0), retryMs: RETRY_MS, data: new Uint8Array() };
  }

  /** Keeps a message and gives it the event it is sent as. */
  record(data: Uint8Array): OutgoingEvent {
    while (this.#kept.length > 0 && this.#full) this.#forgetOldest();
    this.#sequence++;
    if (!this.#memory.full) {
      this.#kept.push({ sequence: this.#sequence, data });
      this.#account(data.length);
    }
    return this.#event(this.#sequence, data);
  }

  /** Whether the newest message is kept. */
  get keepsLast(): boolean {
    return this.#kept.at(-1)?.sequence === this.#sequence;
  }

  /** Whether all that came after `sequence` is kept. */
  isWhole(sequence: number): boolean {
    const [oldest] = this.#kept;
    return sequence >= (oldest?.sequence ?? this.#sequence + 1) - 1;
  }

  /** Forgets everything. */
  clear(): void {
    this.#kept = [];
    this.#account(-this.#bytes);
  }

  /** What came after `sequence`, oldest first. */
  since(sequence: number): OutgoingEvent[] {
    return this.#kept.filter((kept) => kept.sequence > sequence)
      .map((kept) => this.#event(kept.sequence, kept.data));
  }

  #forgetOldest(): void {
    const oldest = this.#kept.shift();
    this.#account(-(oldest?.data.length ?? this.#bytes));
  }

  get #full(): boolean {
    return this.#bytes >= this.#maxBytes || this.#memory.full;
  }

  #account(bytes: number): void {
    this.#bytes += bytes;
    this.#memory.add(bytes);
  }

  #event(sequence: number, data: Uint8Array): OutgoingEvent {
    return { event: "message", id: this.#id(sequence), data };
  }

  #id(sequence: number): string {
    return `${this.#stream}_${sequence}`;
  }
}
