// What a fault server is told to do wrong, in a file that a test writes, and the journal of what it was asked.

import { appendFileSync, readFileSync, rmSync, writeSync } from "node:fs";
import process from "node:process";

const STDERR = 2;
const POLL_MS = 20;
/** How long an order is waited for: longer than a test lasts. */
const PATIENCE_MS = 60_000;

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

  /** Carries out the first of some orders for a phase, as soon as it is given. */
  await(phase, deeds) {
    const polls = setInterval(() => {
      const carryOut = deeds[this.#read()[phase]?.do];
      if (!carryOut) return;
      clearInterval(polls);
      carryOut(this.take(phase));
    }, POLL_MS);
    // Neither keeps a server that has nothing else to do.
    polls.unref();
    setTimeout(() => clearInterval(polls), PATIENCE_MS).unref();
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
