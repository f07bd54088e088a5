// The files that a configuration refers to, each read once.

import { resolve } from "node:path";
import type { FileReader, FileReading } from "./file_reading.ts";

/** The files of one configuration. */
export class ReferencedFiles {
  readonly #directory: string;
  readonly #read: FileReader;
  readonly #readings = new Map<string, FileReading>();

  /** Relative paths begin at `directory`. Without a reader no file can be read. */
  constructor(directory: string, read: FileReader = noReader) {
    this.#directory = directory;
    this.#read = read;
  }

  /** The absolute paths of those that were read, or were to be, in the order in which they are named. */
  get paths(): string[] {
    return [...this.#readings.keys()];
  }

  /** What a file holds; `isFirst` where it was not asked for before. */
  read(path: string): { reading: FileReading; isFirst: boolean } {
    const absolute = resolve(this.#directory, path);
    const known = this.#readings.get(absolute);
    if (known !== undefined) return { reading: known, isFirst: false };
    const reading = this.#read(absolute);
    this.#readings.set(absolute, reading);
    return { reading, isFirst: true };
  }
}

function noReader(): FileReading {
  return { problem: "files are not read here" };
}
