// A file that keeps the last few MiB of what is written to it.

import { closeSync, openSync, renameSync, writeSync } from "node:fs";

/** Two files of this size are kept: the one being written and the one before. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Writes to a file and begins it anew when it is full; the full one is kept beside it, its name ending in `.1`. */
export class BoundedFile {
  readonly #path: string;
  #file: number;
  #bytes = 0;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, "w");
  }

  write(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    if (this.#bytes > MAX_BYTES) {
      closeSync(this.#file);
      renameSync(this.#path, `${this.#path}.1`);
      this.#file = openSync(this.#path, "w");
      this.#bytes = bytes.length;
    }
    writeSync(this.#file, bytes);
  }

  close(): void {
    closeSync(this.#file);
  }
}
