// What was sent on a resumable stream, kept so that a client that lost it can ask for the rest.

import type { OutgoingEvent } from "./event_stream.ts";

/** What a stream keeps, in bytes, for a client that comes back; one message more is kept below it. */
export const MAX_REPLAY_BYTES = 4 * 1024 * 1024;

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

/** The memory of one stream: at most `MAX_REPLAY_BYTES` and one event; the oldest go first. */
export class Replay {
  readonly #stream: string;
  #kept: Kept[] = [];
  #bytes = 0;
  #sequence = 0;

  constructor(stream: string) {
    this.#stream = stream;
  }

  /** What is held, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The empty event that hands the client its first id. */
  priming(): OutgoingEvent {
    return { id: this.#id(0), data: new Uint8Array() };
  }

  /** Keeps a message and gives it the event it is sent as. */
  record(data: Uint8Array): OutgoingEvent {
    while (this.#bytes >= MAX_REPLAY_BYTES) this.#forgetOldest();
    this.#sequence++;
    this.#kept.push({ sequence: this.#sequence, data });
    this.#bytes += data.length;
    return this.#event(this.#sequence, data);
  }

  /** What came after `sequence`, oldest first. */
  since(sequence: number): OutgoingEvent[] {
    return this.#kept.filter((kept) => kept.sequence > sequence)
      .map((kept) => this.#event(kept.sequence, kept.data));
  }

  #forgetOldest(): void {
    const oldest = this.#kept.shift();
    this.#bytes -= oldest?.data.length ?? this.#bytes;
  }

  #event(sequence: number, data: Uint8Array): OutgoingEvent {
    return { event: "message", id: this.#id(sequence), data };
  }

  #id(sequence: number): string {
    return `${this.#stream}_${sequence}`;
  }
}
