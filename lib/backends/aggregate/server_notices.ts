// What a server of a root session says that concerns more than itself and the client.

import type { Envelope } from "../../channel/envelope.ts";
import { requestIdOf } from "../../channel/named_ids.ts";
import { METHODS } from "../../protocol/methods.ts";
import { ROOTS_LIST } from "./client_roots.ts";
import type { ClientRoots } from "./client_roots.ts";
import type { Finder } from "./finder.ts";
import type { Member } from "./member.ts";
import type { Register } from "./register.ts";
import type { Subscriptions } from "./subscriptions.ts";

const RESOURCES_CHANGED = "notifications/resources/list_changed";
const RESOURCE_UPDATED = "notifications/resources/updated";

/** Whom it concerns. */
export interface Concerned {
  readonly register: Register;
  readonly finder: Finder;
  readonly subscriptions: Subscriptions;
}

/** Looks at all that servers ask and tell of their own accord. */
export class ServerNotices {
  readonly #concerned: Concerned;
  readonly #roots: ClientRoots;

  constructor(concerned: Concerned, roots: ClientRoots) {
    this.#concerned = concerned;
    this.#roots = roots;
  }

  /** Whether it goes no further, since it is dealt with here. */
  takes(member: Member, envelope: Envelope): boolean {
    const { kind, method } = envelope.head;
    if (kind !== "request") return this.#takesNotice(member, envelope);
    if (method !== ROOTS_LIST) return false;
    this.#roots.want(member, envelope);
    return true;
  }

  #takesNotice(member: Member, envelope: Envelope): boolean {
    const { method } = envelope.head;
    if (method === METHODS.cancelled) {
      return this.#roots.takeBack(member, requestIdOf(envelope));
    }
    if (method === RESOURCE_UPDATED) return this.#isHidden(member, envelope);
    const { finder, subscriptions } = this.#concerned;
    if (method?.endsWith("/list_changed")) finder.forget();
    if (method === RESOURCES_CHANGED) subscriptions.look();
    return false;
  }

  /** A resource that another server's hides is not there for the client. */
  #isHidden({ name }: Member, envelope: Envelope): boolean {
    const uri = envelope.message().params?.uri;
    if (typeof uri !== "string") return false;
    const holder = this.#concerned.register.resources.find(uri);
    return holder !== undefined && holder !== name;
  }
}
