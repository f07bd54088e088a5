// What may not stand in a log: the values of tokens, and the ids of sessions.

/** Session ids that are remembered; a line of the log is looked at soon after it is written. */
const MAX_IDS = 20_000;
/** What can be a session id. */
const LONG_WORD = /[\w-]{32}/g;

/** Finds secrets in lines. */
export class Secrets {
  readonly #values: readonly string[];
  readonly #ids = new Set<string>();

  constructor(values: readonly string[]) {
    this.#values = values;
  }

  /** Keeps the id of a session. */
  addSession(id: string): void {
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > MAX_IDS) this.#ids.delete(oldest as string);
  }

  /** What kind of secret a line holds, if any. */
  in(line: string): "a token" | "the id of a session" | undefined {
    if (this.#values.some((value) => line.includes(value))) return "a token";
    const words = line.match(LONG_WORD) ?? [];
    if (words.some((word) => this.#ids.has(word))) return "the id of a session";
  }
}
