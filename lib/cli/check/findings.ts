// What the gateway's log tells a check that no client gets to hear: the transport that was found, and what children say on stderr.

import type { Log, LogFields } from "../../../mod.ts";
import { EVENTS } from "../../telemetry/events.ts";
import { overheard } from "../../telemetry/overheard.ts";

/** How many of a server's last lines are kept and shown. */
export const MAX_LAST_WORDS = 10;

/** A log that remembers what a check needs, a few lines for each server, and passes everything on. */
export class Findings {
  readonly #transports = new Map<unknown, string>();
  readonly #lastWords = new Map<unknown, string[]>();
  readonly #stray = new Set<unknown>();
  /** For the gateway to write to. */
  readonly log: Log;

  /** @param log gets every line too; absent: nobody does */
  constructor(log?: Log) {
    this.log = overheard((msg, fields) => this.#hear(msg, fields), log);
  }

  /** The transport that a server was found to speak. */
  transportOf(server: string): string | undefined {
    return this.#transports.get(server);
  }

  /** The last lines of the server's process on stderr. */
  lastWordsOf(server: string): readonly string[] {
    return this.#lastWords.get(server) ?? [];
  }

  /** Whether the server's process wrote something to stdout that is no message. */
  straysOnStdout(server: string): boolean {
    return this.#stray.has(server);
  }

  #hear(msg: string, { server, transport, line }: LogFields): void {
    if (msg === EVENTS.transportFound) {
      this.#transports.set(server, String(transport));
    }
    if (msg === EVENTS.strayLine) this.#stray.add(server);
    if (msg !== EVENTS.stderrLine) return;
    const lines = [...this.#lastWords.get(server) ?? [], String(line)];
    this.#lastWords.set(server, lines.slice(-MAX_LAST_WORDS));
  }
}
