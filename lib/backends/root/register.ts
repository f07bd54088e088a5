// Who offers what in a root session, and by which name the client knows it.

import type { Log } from "../../telemetry/log.ts";
import { Directory } from "./directory.ts";
import type { Naming, Target } from "./naming.ts";
import type { List, Named } from "./offers.ts";
import type { Item } from "./page.ts";
import { ResourceDirectory } from "./resource_directory.ts";

/** The directories of one session. */
export class Register {
  readonly #naming: Naming;
  readonly #named: Readonly<Record<"tool" | "prompt", Directory>>;
  readonly #resources: ResourceDirectory;

  constructor(naming: Naming, log: Log) {
    this.#naming = naming;
    this.#named = {
      tool: new Directory("tool", naming, log),
      prompt: new Directory("prompt", naming, log),
    };
    this.#resources = new ResourceDirectory(log);
  }

  /** An item as the client is shown it; nothing where it is hidden behind another server's, or has no name. */
  shown(item: Item, list: List, server: string): Item | undefined {
    const own = item[list.named];
    if (typeof own !== "string") return undefined;
    switch (list.kind) {
      case "resource":
        return this.#resources.noteResource(own, server) ? item : undefined;
      case "template":
        return this.#resources.noteTemplate(own, server) ? item : undefined;
      case "tool":
      case "prompt": {
        const name = this.#named[list.kind].nameOf({ server, own });
        return name === undefined ? undefined : { ...item, [list.named]: name };
      }
    }
  }

  /** Notes that a server has pointed to a resource, which it need not list. */
  link(uri: string, server: string): void {
    if (this.#resources.find(uri) === undefined) {
      this.#resources.noteResource(uri, server);
    }
  }

  /** What a request names; nothing where that is not known (yet). */
  find({ kind, name }: Named): Target | undefined {
    if (kind !== "resource") return this.#named[kind].find(name);
    const server = this.#resources.find(name);
    return server === undefined ? undefined : { server, own: name };
  }

  /** Whether the lists of the servers could tell what an unknown name stands for. */
  couldBeListed({ kind, name }: Named): boolean {
    return kind === "resource" || this.#naming.couldBe(name);
  }

  /** The server that is known to have a resource. */
  holderOf(uri: string): string | undefined {
    return this.#resources.find(uri);
  }
}
