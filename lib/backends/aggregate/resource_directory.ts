// Which server of a root session has a resource: the first that listed it keeps it as long as the session lives.

import type { Memory } from "../../channel/memory.ts";
import type { Log } from "../../telemetry/log.ts";
import { uriTemplate } from "./uri_template.ts";
import type { UriTemplate } from "./uri_template.ts";

/** How many resources, and how many links, of one server are remembered. */
export const MAX_RESOURCES = 10_000;

/** How many templates of one server are remembered: each uri that is in no list is held against them. */
export const MAX_TEMPLATES = 500;

/** The longest uri and template that is remembered, in characters. */
export const MAX_URI_CHARS = 8 * 1024;

const BYTES_PER_CHAR = 2;

/** What servers have listed, and what they have pointed to in answers. */
export class ResourceDirectory {
  readonly #memory: Memory;
  readonly #log: Log;
  readonly #listed = new Map<string, string>();
  readonly #linked = new Map<string, string>();
  readonly #templates = new Map<string, [UriTemplate, string]>();
  /** How many of each kind there are of each server. */
  readonly #counts = new Map<string, number>();
  readonly #told = new Set<string>();

  /** @param memory where what is remembered is accounted for; while it is full, nothing more is */
  constructor(memory: Memory, log: Log) {
    this.#memory = memory;
    this.#log = log;
  }

  /** Notes that a server lists a resource; `false` where it is not to be shown, which the log then says. */
  noteResource(uri: string, server: string): boolean {
    const holder = this.#listed.get(uri);
    if (holder !== undefined) return this.#isKept(holder, server);
    if (!this.#takes("resources", uri, server, MAX_RESOURCES)) return false;
    this.#listed.set(uri, server);
    return true;
  }

  /** Notes that a server lists a template; `false` where it is not to be shown. */
  noteTemplate(text: string, server: string): boolean {
    const holder = this.#templates.get(text)?.[1];
    if (holder !== undefined) return this.#isKept(holder, server);
    if (!this.#takes("templates", text, server, MAX_TEMPLATES)) return false;
    this.#templates.set(text, [uriTemplate(text), server]);
    return true;
  }

  /** Notes that a server has pointed to a resource, which counts where nobody lists it. */
  noteLink(uri: string, server: string): void {
    if (this.#listed.has(uri) || this.#linked.has(uri)) return;
    if (this.#takes("links", uri, server, MAX_RESOURCES)) {
      this.#linked.set(uri, server);
    }
  }

  /** The server that has listed a resource, else has pointed to it, else has the template which fits its uri best. */
  find(uri: string): string | undefined {
    if (uri.length > MAX_URI_CHARS) return undefined;
    return this.#listed.get(uri) ?? this.#linked.get(uri) ??
      this.#templates.get(uri)?.[1] ?? this.#fitting(uri);
  }

  #fitting(uri: string): string | undefined {
    let best: [UriTemplate, string] | undefined;
    for (const one of this.#templates.values()) {
      const isBetter = !best || one[0].literalChars > best[0].literalChars;
      if (isBetter && one[0].fits(uri)) best = one;
    }
    return best?.[1];
  }

  #takes(
    kind: "resources" | "templates" | "links",
    text: string,
    server: string,
    most: number,
  ): boolean {
    const key = `${kind} ${server}`;
    const count = this.#counts.get(key) ?? 0;
    if (
      count >= most || text.length > MAX_URI_CHARS || this.#memory.full
    ) {
      this.#tell("Too much for the root endpoint", { server, kind });
      return false;
    }
    this.#counts.set(key, count + 1);
    this.#memory.add(text.length * BYTES_PER_CHAR);
    return true;
  }

  #isKept(holder: string, server: string): boolean {
    if (holder === server) return true;
    const fields = { server, kept_by: holder };
    this.#tell("Resources hidden at the root endpoint", fields);
    return false;
  }

  /** Once: a uri may hold what is nobody's business, and is not named. */
  #tell(msg: string, fields: Readonly<Record<string, string>>): void {
    const key = JSON.stringify([msg, fields]);
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#log.warn(msg, fields);
  }
}
