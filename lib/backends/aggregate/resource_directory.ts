// Which server of a root session has a resource: the first that listed it keeps it as long as the session lives.

import type { Log } from "../../telemetry/log.ts";
import { uriTemplate } from "./uri_template.ts";
import type { UriTemplate } from "./uri_template.ts";

/** How many resources, and how many templates, are remembered. */
export const MAX_NOTED = 20_000;

/** The longest uri that is remembered, in characters. */
const MAX_URI_CHARS = 8 * 1024;

/** The resources and templates that servers have listed. */
export class ResourceDirectory {
  readonly #log: Log;
  readonly #resources = new Map<string, string>();
  readonly #templates = new Map<string, [UriTemplate, string]>();
  readonly #told = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Notes that a server lists a resource; `false` where another has listed it before, which the log then says. */
  noteResource(uri: string, server: string): boolean {
    return this.#note(uri, server, this.#resources.get(uri), () => {
      this.#resources.set(uri, server);
    });
  }

  /** Notes that a server lists a template; `false` where another has listed it before. */
  noteTemplate(text: string, server: string): boolean {
    return this.#note(text, server, this.#templates.get(text)?.[1], () => {
      this.#templates.set(text, [uriTemplate(text), server]);
    });
  }

  /** The server that has listed a resource, or the template which fits a uri best; nothing where none has. */
  find(uri: string): string | undefined {
    const listed = this.#resources.get(uri) ?? this.#templates.get(uri)?.[1];
    if (listed !== undefined) return listed;
    let best: [UriTemplate, string] | undefined;
    for (const one of this.#templates.values()) {
      if (!one[0].fits(uri)) continue;
      if (!best || one[0].literalChars > best[0].literalChars) best = one;
    }
    return best?.[1];
  }

  #note(
    text: string,
    server: string,
    holder: string | undefined,
    enter: () => void,
  ): boolean {
    if (holder === server) return true;
    if (holder !== undefined) {
      this.#tellHidden(server, holder);
      return false;
    }
    const full = Math.max(this.#resources.size, this.#templates.size) >=
      MAX_NOTED;
    if (!full && text.length <= MAX_URI_CHARS) enter();
    return true;
  }

  /** A uri may hold what is nobody's business: the log does not show it. */
  #tellHidden(server: string, keptBy: string): void {
    const key = `${server}\n${keptBy}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    const fields = { server, kept_by: keptBy };
    this.#log.warn("Resources hidden at the root endpoint", fields);
  }
}
