// What a log tells of who came in, line by line: however long it is, only names and numbers are kept.

import { Buffer } from "node:buffer";
import { EVENTS } from "../../telemetry/events.ts";

/** The use of a token. */
export interface TokenUse {
  readonly name: string;
  /** Whether the file has a token of this name. */
  readonly inFile: boolean;
  /** Its end; absent where it has none, or is not in the file. */
  readonly expires?: Date;
  /** When somebody first came with it in this log, and when last; absent where nobody did. */
  readonly first?: Date;
  readonly last?: Date;
  /** Those that were let in. */
  readonly requests: number;
  /** Those that were asked for, in the order in which they were. */
  readonly servers: readonly string[];
}

/** What was found out. */
export interface UsageReport {
  /** Those of the file in its order, then those that it does not have any more. */
  readonly tokens: readonly TokenUse[];
  /** How many lines there are, without empty ones. */
  readonly lines: number;
  /** Of these, those that are no JSON. */
  readonly skipped: number;
  /** Requests of tokens that were not told apart, as there are too many names. */
  readonly untold: number;
}

/** How many names that are not in the file are told apart. */
export const MAX_OTHER_NAMES = 1_000;

/** How many servers of a token are named. */
export const MAX_SERVERS = 256;

/** A longer name is cut: no name of ours is. */
const MAX_NAME_CHARS = 160;

/** How the names of those begin that come with access tokens. */
const CALLER_BEGINNING = "oauth:";

/** Whether this is nobody's token, but the use of access tokens by a subject and its client. */
export function isCaller({ name, inFile }: TokenUse): boolean {
  return !inFile && name.startsWith(CALLER_BEGINNING);
}

const OPEN_BRACE = 0x7b;
/** Lines without it need not be parsed. */
const MEMBER = Buffer.from('"token_name"');

/** The lines that are written for requests. */
const REQUESTS: ReadonlySet<unknown> = new Set([
  EVENTS.request,
  EVENTS.requestRefused,
  EVENTS.requestFailed,
]);

interface Figures {
  first?: number;
  last?: number;
  requests: number;
  readonly servers: Set<string>;
}

/** Takes lines in any order, of any number of files. */
export class LogReading {
  readonly #known: ReadonlyMap<string, Figures>;
  readonly #others = new Map<string, Figures>();
  #lines = 0;
  #skipped = 0;
  #untold = 0;

  /** @param names the tokens of the file, in its order */
  constructor(names: readonly string[]) {
    this.#known = new Map(names.map((name) => [name, noFigures()]));
  }

  /** How many lines were taken, without empty ones. */
  get lines(): number {
    return this.#lines;
  }

  /** Of these, those that are no JSON. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Takes some lines, without their line ends. */
  take(lines: readonly Uint8Array[]): void {
    for (const line of lines) if (line.length > 0) this.#take(line);
  }

  /** What is known so far. `expiries` are the ends of the tokens of the file. */
  report(expiries: ReadonlyMap<string, Date>): UsageReport {
    const known = [...this.#known].map(([name, figures]) => ({
      ...useOf(name, figures),
      inFile: true,
      expires: expiries.get(name),
    }));
    const others = [...this.#others].map(([name, figures]) => ({
      ...useOf(name, figures),
      inFile: false,
    }));
    return {
      tokens: [...known, ...others],
      lines: this.#lines,
      skipped: this.#skipped,
      untold: this.#untold,
    };
  }

  #take(line: Uint8Array): void {
    this.#lines++;
    const bytes = Buffer.from(line.buffer, line.byteOffset, line.length);
    const isObject = line[0] === OPEN_BRACE;
    if (isObject && !bytes.includes(MEMBER)) return;
    const record = isObject ? recordIn(bytes) : undefined;
    if (record === undefined) this.#skipped++;
    else if (REQUESTS.has(record.msg)) this.#note(record);
  }

  #note({ msg, time, token_name, server }: Record<string, unknown>): void {
    const at = Date.parse(String(time));
    if (typeof token_name !== "string" || Number.isNaN(at)) return;
    const figures = this.#figuresOf(token_name.slice(0, MAX_NAME_CHARS));
    if (figures === undefined) {
      this.#untold++;
      return;
    }
    figures.first = Math.min(figures.first ?? at, at);
    figures.last = Math.max(figures.last ?? at, at);
    if (msg === EVENTS.request) figures.requests++;
    if (typeof server === "string" && figures.servers.size < MAX_SERVERS) {
      figures.servers.add(server.slice(0, MAX_NAME_CHARS));
    }
  }

  #figuresOf(name: string): Figures | undefined {
    const found = this.#known.get(name) ?? this.#others.get(name);
    if (found || this.#others.size >= MAX_OTHER_NAMES) return found;
    const made = noFigures();
    this.#others.set(name, made);
    return made;
  }
}

function noFigures(): Figures {
  return { requests: 0, servers: new Set() };
}

function useOf(name: string, { first, last, requests, servers }: Figures) {
  return {
    name,
    ...(first === undefined ? {} : { first: new Date(first) }),
    ...(last === undefined ? {} : { last: new Date(last) }),
    requests,
    servers: [...servers],
  };
}

function recordIn(line: Buffer): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch {
    // A line that was cut, or is something else.
    return undefined;
  }
}
