// Measures the gateway and the load while a soak runs.

import process from "node:process";
import type { Pacer } from "./pacer.ts";
import { descriptorsOf, isMarked, memoryOf, processes } from "./processes.ts";
import { stateOf } from "./processes.ts";

const SAMPLE_MS = 1_000;
/** How often the load is measured, in samples. */
const LOAD_EVERY = 3;

/** What is measured. */
export interface MeterOptions {
  /** The gateway. */
  readonly pid: number;
  /** In the environment of everything that belongs to the soak. */
  readonly mark: string;
  readonly pacer: Pacer;
}

/** Samples once a second, from its begin to `stop()`. */
export class Meter {
  /** The resident memory of the gateway, in bytes, a second apart. */
  readonly memory: number[] = [];
  readonly #options: MeterOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #seconds: Map<number, number> | undefined;
  #since = performance.now();
  #processors: number[] = [];
  #ticks = 0;

  constructor(options: MeterOptions) {
    this.#options = options;
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
  }

  /** How many file descriptors the gateway has open. */
  get descriptors(): number {
    return descriptorsOf(this.#options.pid);
  }

  /** How many processors were used, on average and at most. */
  get load(): { readonly average: number; readonly most: number } {
    const all = this.#processors;
    const sum = all.reduce((total, one) => total + one, 0);
    return {
      average: sum / Math.max(1, all.length),
      most: Math.max(0, ...all),
    };
  }

  /** The processor time of the gateway alone, in seconds. */
  get gatewaySeconds(): number {
    return stateOf(this.#options.pid)?.seconds ?? 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    const bytes = memoryOf(this.#options.pid);
    if (bytes > 0) this.memory.push(bytes);
    if (this.#ticks++ % LOAD_EVERY === 0) this.#measureLoad();
  }

  /** The gateway, its children, the servers over HTTP, and this process with the clients. */
  #measureLoad(): void {
    const { pid, mark, pacer } = this.#options;
    const now = new Map<number, number>();
    for (const one of processes()) {
      const own = one.pid === pid || one.pid === process.pid;
      if (!own && !isMarked(one.pid, mark)) continue;
      // What has ended counts for the gateway: its children.
      const ended = one.pid === pid ? one.childrenSeconds : 0;
      now.set(one.pid, one.seconds + ended);
    }
    const before = this.#seconds;
    const passed = (performance.now() - this.#since) / 1_000;
    this.#since = performance.now();
    this.#seconds = now;
    if (!before) return;
    let used = 0;
    for (const [one, seconds] of now) used += seconds - (before.get(one) ?? 0);
    // Children that ended are in the gateway's sum with all they used, the part before included.
    for (const [one, seconds] of before) if (!now.has(one)) used -= seconds;
    const processors = Math.max(0, used) / passed;
    this.#processors.push(processors);
    pacer.used(processors);
  }
}
