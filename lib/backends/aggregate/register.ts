// Who offers what in a root session, and by which name the client knows it.

import type { Memory } from "../../channel/memory.ts";
import { replacedIn } from "../../channel/replaced_members.ts";
import type { Log } from "../../telemetry/log.ts";
import type { OfferList } from "../offer_list.ts";
import { Directory } from "./directory.ts";
import type { Named } from "./named.ts";
import type { Naming, Target } from "./naming.ts";
import type { Item } from "./page.ts";
import { ResourceDirectory } from "./resource_directory.ts";

/** The directories of one session. */
export class Register {
  readonly resources: ResourceDirectory;
  readonly #naming: Naming;
  readonly #named: Readonly<Record<"tool" | "prompt", Directory>>;

  /** @param memory where what is remembered is accounted for */
  constructor(naming: Naming, memory: Memory, log: Log) {
    this.#naming = naming;
    this.#named = {
      tool: new Directory("tool", naming, memory, log),
      prompt: new Directory("prompt", naming, memory, log),
    };
    this.resources = new ResourceDirectory(memory, log);
  }

  /** The JSON text of an item as the client is shown it; nothing where it is not shown. */
  shown(
    { own, json }: Item,
    { kind, named }: OfferList,
    server: string,
  ): Uint8Array | undefined {
    if (kind === "resource") {
      const isShown = named === "uri"
        ? this.resources.noteResource(own, server)
        : this.resources.noteTemplate(own, server);
      return isShown ? json : undefined;
    }
    const name = this.#named[kind].nameOf({ server, own });
    if (name === undefined) return undefined;
    return replacedIn(json, [{ path: [named], json: JSON.stringify(name) }]);
  }

  /** What a request names; nothing where that is not known (yet). */
  find({ kind, name }: Named): Target | undefined {
    if (kind !== "resource") return this.#named[kind].find(name);
    const server = this.resources.find(name);
    return server === undefined ? undefined : { server, own: name };
  }

  /** Whether the lists of the servers could tell what an unknown name stands for. */
  couldBeListed({ kind, name }: Named): boolean {
    return kind === "resource" || this.#naming.couldBe(name);
  }
}
