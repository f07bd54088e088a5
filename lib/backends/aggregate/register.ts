// Who offers what in a root session, and by which name the client knows it.

import { replacedIn } from "../../channel/replaced_members.ts";
import type { Log } from "../../telemetry/log.ts";
import { Directory } from "./directory.ts";
import type { Naming, Target } from "./naming.ts";
import type { OfferList } from "../offer_list.ts";
import type { Named } from "./named.ts";
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

  /** The JSON text of an item as the client is shown it; nothing where it is hidden behind another server's. */
  shown(
    { own, json }: Item,
    { kind, named }: OfferList,
    server: string,
  ): Uint8Array | undefined {
    if (kind === "resource") {
      const isKept = named === "uri"
        ? this.#resources.noteResource(own, server)
        : this.#resources.noteTemplate(own, server);
      return isKept ? json : undefined;
    }
    const name = this.#named[kind].nameOf({ server, own });
    if (name === undefined || name === own) {
      return name === undefined ? undefined : json;
    }
    return replacedIn(json, [{ path: [named], json: JSON.stringify(name) }]);
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
