// Notices when one of a few files has become another one, however that was done: written, replaced, or behind a link.

import { stat } from "node:fs/promises";
import { clearTimeout, setTimeout } from "node:timers";

/** How often the files are looked at: `fs.watch` misses what editors and Kubernetes do, on one runtime or the other. */
export const LOOK_MS = 1_000;

/** Whoever writes a file may not be done: it has to look the same twice, this far apart. */
const SETTLE_MS = 100;

/** How long a file may be missing, as it is while it is being replaced, before that counts as a change. */
const MISSING_MS = 2_000;

const MISSING = "missing";

/** Whoever makes one closes it. */
export class FileWatch {
  readonly #onChange: () => void;
  /** What was seen last, by path. */
  #seen: ReadonlyMap<string, string> = new Map();
  #isChanged = false;
  #missingSince?: number;
  #timer?: ReturnType<typeof setTimeout>;
  #isClosed = false;

  /** @param onChange called each time something has changed, when it has settled */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Watches these from now on; `since` is when they were begun to be read, in milliseconds since 1970. */
  async watch(files: readonly string[], since: number): Promise<void> {
    const looks = await Promise.all(files.map(look));
    this.#seen = new Map(files.map((file, at) => [file, looks[at].mark]));
    this.#isChanged = looks.some(({ changedMs }) => changedMs >= since);
    this.#missingSince = undefined;
    this.#lookAgain(LOOK_MS);
  }

  /** Watches no more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #lookAgain(inMs: number): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#look(), inMs);
    // Watching keeps no process.
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    const before = this.#seen;
    const files = [...before.keys()];
    const looks = await Promise.all(files.map(look));
    if (this.#seen !== before) return;
    this.#seen = new Map(files.map((file, at) => [file, looks[at].mark]));
    const isOther = files.some((one) =>
      this.#seen.get(one) !== before.get(one)
    );
    this.#isChanged ||= isOther;
    if (!this.#isChanged) return this.#lookAgain(LOOK_MS);
    if (isOther || this.#isWaitedFor()) return this.#lookAgain(SETTLE_MS);
    this.#isChanged = false;
    this.#lookAgain(LOOK_MS);
    this.#onChange();
  }

  #isWaitedFor(): boolean {
    const isMissing = [...this.#seen.values()].includes(MISSING);
    if (!isMissing) this.#missingSince = undefined;
    else this.#missingSince ??= performance.now();
    return this.#missingSince !== undefined &&
      performance.now() - this.#missingSince < MISSING_MS;
  }
}

/** What tells a file from another that takes its place. */
async function look(
  file: string,
): Promise<{ mark: string; changedMs: number }> {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = await stat(file);
    const changedMs = Math.max(mtimeMs, ctimeMs);
    return { mark: [dev, ino, size, mtimeMs, ctimeMs].join(), changedMs };
  } catch {
    return { mark: MISSING, changedMs: 0 }; // Why it cannot be seen is told by who reads it.
  }
}
