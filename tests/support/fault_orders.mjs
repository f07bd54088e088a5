// What a fault server is told to do wrong, in a file that a test writes, and the journal of what it was asked.

import { appendFileSync, readFileSync, rmSync, writeSync } from "node:fs";
import process from "node:process";

const STDERR = 2;

/** The last lines a fault server writes before it dies. */
const LAST_WORDS = "opening the ledger\nthe ledger is torn\n";

/** The orders of one server; each is carried out once. */
export class Orders {
  #file;

  constructor(file) {
    this.#file = file;
  }

  /** Takes what is to be done in a phase (`connecting`, `initialising`, `idle`, `calling`, `streaming`), if anything. */
  take(phase) {
    const order = this.#read()[phase];
    if (order) rmSync(this.#file);
    return order;
  }

  /** Whether there is something to be done in a phase. */
  has(phase) {
    return this.#read()[phase] !== undefined;
  }

  /** Writes a line that outlives the server. */
  note(line) {
    appendFileSync(`${this.#file}.journal`, `${line}\n`);
  }

  #read() {
    try {
      return JSON.parse(readFileSync(this.#file, "utf8"));
    } catch (error) {
      if (error.code === "ENOENT") return {};
      throw error;
    }
  }
}

/** Ends this process as ordered; returns when that is not the order. */
export function dieIfOrdered({ do: deed, code }) {
  if (!["kill", "exit", "abort"].includes(deed)) return;
  writeSync(STDERR, LAST_WORDS);
  if (deed === "exit") process.exit(code);
  process.kill(process.pid, deed === "kill" ? "SIGKILL" : "SIGABRT");
}
