// Which name of a root session stands for what: a name that the client was told keeps its meaning as long as the session lives.

import type { Memory } from "../../channel/memory.ts";
import type { Log } from "../../telemetry/log.ts";
import type { Naming, Target } from "./naming.ts";

/** What has a name of its own for each server's. */
export type NamedKind = "tool" | "prompt";

/** How many names of one server are remembered; those that can be read need not be. */
export const MAX_NAMES = 10_000;

/** The longest name of a server's own that is shown, in characters; 128 are the most that MCP lets tools have. */
export const MAX_NAME_CHARS = 1_024;

/** How many hidden names the log tells of. */
const MAX_TOLD = 100;
const TOLD_CHARS = 128;
const BYTES_PER_CHAR = 2;

/** The names of one kind in one session. */
export class Directory {
  readonly #kind: NamedKind;
  readonly #naming: Naming;
  readonly #memory: Memory;
  readonly #log: Log;
  readonly #targets = new Map<string, Target>();
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #told = new Set<string>();

  constructor(kind: NamedKind, naming: Naming, memory: Memory, log: Log) {
    this.#kind = kind;
    this.#naming = naming;
    this.#memory = memory;
    this.#log = log;
  }

  /** The name that the client is told; nothing where it cannot be shown, which the log then says. */
  nameOf(target: Target): string | undefined {
    if (target.own.length > MAX_NAME_CHARS) {
      return this.#hide(target, "the name is too long");
    }
    const known = this.#names.get(keyOf(target));
    if (known !== undefined) return known;
    const candidates = this.#naming.candidates(target);
    for (const name of candidates) {
      const holder = this.find(name);
      if (holder === undefined) return this.#remember(name, target);
      if (isSame(holder, target)) return name;
    }
    const holder = this.find(candidates[0] as string)?.server;
    return this.#hide(target, `the name is kept by server "${holder}"`);
  }

  /** What a name stands for; nothing where that is not known (yet). */
  find(name: string): Target | undefined {
    return this.#targets.get(name) ?? this.#naming.read(name);
  }

  #remember(name: string, target: Target): string | undefined {
    const { server, own } = target;
    const count = this.#counts.get(server) ?? 0;
    if (count >= MAX_NAMES || this.#memory.full) {
      return this.#hide(target, "the server has too many names");
    }
    this.#counts.set(server, count + 1);
    this.#memory.add((name.length + own.length) * BYTES_PER_CHAR);
    this.#targets.set(name, target);
    this.#names.set(keyOf(target), name);
    return name;
  }

  #hide(target: Target, reason: string): undefined {
    const { server } = target;
    const own = target.own.slice(0, TOLD_CHARS);
    const key = keyOf({ server, own });
    if (this.#told.has(key) || this.#told.size >= MAX_TOLD) return;
    this.#told.add(key);
    const fields = { server, [this.#kind]: own, reason };
    this.#log.error("Hidden at the root endpoint", fields);
  }
}

function keyOf({ server, own }: Target): string {
  return `${server}\n${own}`;
}

function isSame(a: Target, b: Target): boolean {
  return a.server === b.server && a.own === b.own;
}
