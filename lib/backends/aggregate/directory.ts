// Which name of a root session stands for what: a name that the client was told keeps its meaning as long as the session lives.

import type { Log } from "../../telemetry/log.ts";
import type { Naming, Target } from "./naming.ts";

/** What has a name of its own for each server's. */
export type NamedKind = "tool" | "prompt";

/** How many names of a kind are remembered; those that can be read need not be. */
export const MAX_NAMES = 20_000;

/** The names of one kind in one session. */
export class Directory {
  readonly #kind: NamedKind;
  readonly #naming: Naming;
  readonly #log: Log;
  readonly #targets = new Map<string, Target>();
  readonly #names = new Map<string, string>();
  readonly #told = new Set<string>();

  constructor(kind: NamedKind, naming: Naming, log: Log) {
    this.#kind = kind;
    this.#naming = naming;
    this.#log = log;
  }

  /** The name that the client is told; nothing where the name is another server's, which the log then says. */
  nameOf(target: Target): string | undefined {
    const known = this.#names.get(keyOf(target));
    if (known !== undefined) return known;
    const candidates = this.#naming.candidates(target);
    for (const name of candidates) {
      const holder = this.find(name);
      if (holder === undefined) return this.#remember(name, target);
      if (isSame(holder, target)) return name;
    }
    this.#tellHidden(target, candidates[0] as string);
    return undefined;
  }

  /** What a name stands for; nothing where that is not known (yet). */
  find(name: string): Target | undefined {
    return this.#targets.get(name) ?? this.#readable(name);
  }

  /** A name that says itself what it stands for, where every name does. */
  #readable(name: string): Target | undefined {
    const target = this.#naming.read(name);
    if (!target) return undefined;
    const [first] = this.#naming.candidates(target);
    return first === name ? target : undefined;
  }

  #remember(name: string, target: Target): string | undefined {
    if (this.#targets.size >= MAX_NAMES) {
      this.#tellHidden(target, name);
      return undefined;
    }
    this.#targets.set(name, target);
    this.#names.set(keyOf(target), name);
    return name;
  }

  #tellHidden(target: Target, name: string): void {
    const key = keyOf(target);
    if (this.#told.has(key) || this.#told.size >= MAX_NAMES) return;
    this.#told.add(key);
    this.#log.error("Hidden at the root endpoint", {
      server: target.server,
      [this.#kind]: target.own,
      kept_by: this.find(name)?.server ?? "none: too many names",
    });
  }
}

function keyOf({ server, own }: Target): string {
  return `${server}\n${own}`;
}

function isSame(a: Target, b: Target): boolean {
  return a.server === b.server && a.own === b.own;
}
