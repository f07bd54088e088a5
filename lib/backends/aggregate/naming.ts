// How the root endpoint names what its servers offer: one name for each, which clients take, and which leads back.

import { createHash } from "node:crypto";

/** When a name begins with that of its server. */
export type PrefixScheme = "always" | "on-conflict" | "never";

/** `proxy.root` in the configuration. */
export interface NamingOptions {
  /** When a name begins with that of its server. */
  readonly prefix: PrefixScheme;
  /** What stands between the name of the server and its own. */
  readonly separator: string;
  /** The longest name, in characters. */
  readonly nameLength: number;
}

/** What holds where the configuration says nothing. Claude Code puts `mcp__NAME__` before a name, and 64 characters are the most a model takes. */
export const DEFAULT_NAMING: NamingOptions = {
  prefix: "always",
  separator: "__",
  nameLength: 48,
};

/** Something that a server offers, by the server's own name for it. */
export interface Target {
  readonly server: string;
  readonly own: string;
}

/** What every known client takes as the name of a tool. */
const LEGAL = /^[a-zA-Z0-9_-]+$/;
const ILLEGAL_CHARACTER = /[^a-zA-Z0-9_-]/g;

/** How much of a hash stands at the end of a name that had to be changed. */
const HASH_CHARS = 12;
/** A plain name that ends like a changed one is changed, too: so no two are the same. */
const CHANGED = new RegExp(`_[0-9a-f]{${HASH_CHARS}}$`);

/**
 * The names by one scheme. They depend on nothing but the options, the server and
 * its own name. A name is plain where that is legal, short enough and leads back to one
 * server only; else its beginning is kept and a hash of both names is put behind it.
 */
export class Naming {
  readonly #options: NamingOptions;

  constructor(options: NamingOptions) {
    this.#options = options;
  }

  /** The names it may have, the first that is free counts; where none is, it cannot be told. */
  candidates(target: Target): readonly string[] {
    const { server, own } = target;
    if (this.#options.prefix === "always") return [this.prefixed(target)];
    const bare = this.#fits(own) ? own : this.#changed(own, target);
    if (this.#options.prefix === "never") return [bare];
    const whole = `${server}${this.#options.separator}${own}`;
    return [bare, this.prefixed(target), this.#changed(whole, target)];
  }

  /** The name with that of its server before it. */
  prefixed(target: Target): string {
    const { separator } = this.#options;
    const { server, own } = target;
    const plain = `${server}${separator}${own}`;
    const leadsBack = plain.indexOf(separator) === server.length;
    return leadsBack && this.#fits(plain)
      ? plain
      : this.#changed(plain, target);
  }

  /** What a name stands for, where it says so itself: where every name has a prefix, and this one was not changed. */
  read(name: string): Target | undefined {
    const { prefix, separator, nameLength } = this.#options;
    if (prefix !== "always" || name.length > nameLength) return undefined;
    const end = name.indexOf(separator);
    if (end === -1) return undefined;
    const target = {
      server: name.slice(0, end),
      own: name.slice(end + separator.length),
    };
    return this.prefixed(target) === name ? target : undefined;
  }

  /** Whether a name that cannot be read may be one of these all the same. */
  couldBe(name: string): boolean {
    return this.#options.prefix !== "always" || CHANGED.test(name);
  }

  #fits(name: string): boolean {
    return name.length <= this.#options.nameLength && LEGAL.test(name) &&
      !CHANGED.test(name);
  }

  #changed(name: string, { server, own }: Target): string {
    const hash = createHash("sha256").update(JSON.stringify([server, own]))
      .digest("hex").slice(0, HASH_CHARS);
    const room = this.#options.nameLength - HASH_CHARS - 1;
    const head = name.replace(ILLEGAL_CHARACTER, "_").slice(0, room);
    return `${head}_${hash}`;
  }
}
