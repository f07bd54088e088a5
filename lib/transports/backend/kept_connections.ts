// Keeps requests off a connection that its server may close at that very moment: a POST that meets the end of one fails, and may not be sent again.

/** How long an idle connection lives where the server does not say so: Node, uvicorn and others close it after 5 s. */
const USUAL_KEEP_MS = 5_000;

/** How long before its end a connection is not used any more. */
const EARLY_MS = 1_000;

/** How long after it the connection is surely gone. Node adds a second to what it says. */
const LATE_MS = 2_000;

/** Origins that are remembered; each is that of a configured server. */
const MAX_ORIGINS = 1_000;

const origins = new Map<string, KeptConnections>();

/** What one request does with the runtime's idle connections. */
export interface Turn {
  /** Whether it may take one, and leave its own behind. */
  readonly keepAlive: boolean;
  /** Call it when the answer was read, or nobody will. May be called twice. */
  end(): void;
}

/** Those to one origin, as this process knows them: the runtime has one pool for all. */
export function keptConnections(origin: string): KeptConnections {
  const known = origins.get(origin);
  if (known) return known;
  const kept = new KeptConnections();
  if (origins.size < MAX_ORIGINS) origins.set(origin, kept);
  return kept;
}

/**
 * When each idle connection was left, as far as that can be known from outside: the runtime
 * takes the one that is used most, so the nth is as old as the last time that n were in use.
 */
export class KeptConnections {
  readonly #now: () => number;
  readonly #leftAt: number[] = [];
  #keepMs = USUAL_KEEP_MS;
  #inUse = 0;

  /** @param now milliseconds on a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** How many are in use. */
  get inUse(): number {
    return this.#inUse;
  }

  /** Begins a request. */
  begin(): Turn {
    if (this.#mayBeClosing(this.#leftAt[this.#inUse])) {
      return { keepAlive: false, end() {} };
    }
    this.#inUse++;
    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      this.#leftAt[--this.#inUse] = this.#now();
    };
    return { keepAlive: true, end };
  }

  /** Notes the header `Keep-Alive` of an answer (RFC 2068 § 19.7.1.1), which says how long the server waits. */
  said(keepAlive: string | undefined): void {
    const [, seconds] = /\btimeout=(\d{1,6})\b/.exec(keepAlive ?? "") ?? [];
    if (seconds !== undefined) this.#keepMs = Number(seconds) * 1_000;
  }

  #mayBeClosing(leftAt: number | undefined): boolean {
    if (leftAt === undefined) return false;
    const idleMs = this.#now() - leftAt;
    return idleMs >= this.#keepMs - EARLY_MS &&
      idleMs <= this.#keepMs + LATE_MS;
  }
}
