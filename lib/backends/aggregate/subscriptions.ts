// The client's subscriptions: made again with a server in another life, and made late where no server had the resource yet.

import { Envelope } from "../../channel/envelope.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { background } from "../../telemetry/background.ts";
import type { Log } from "../../telemetry/log.ts";
import {
  MAX_SUBSCRIPTIONS,
  MAX_URI_CHARS,
  STATE_METHODS,
} from "../agreement.ts";
import type { Finder } from "./finder.ts";
import type { Member } from "./member.ts";
import type { Named } from "./named.ts";

interface Subscription {
  readonly named: Named;
  /** The server it was made with; nothing while none is known to have the resource. */
  server?: string;
}

/** The subscriptions of one session. A server that was only started again is not one in another life: it has them. */
export class Subscriptions {
  readonly #finder: Finder;
  readonly #members: readonly Member[];
  readonly #log: Log;
  readonly #all = new Map<string, Subscription>();
  #isLooking = false;
  #isNews = false;

  constructor(finder: Finder, members: readonly Member[], log: Log) {
    this.#finder = finder;
    this.#members = members;
    this.#log = log;
  }

  /** Notes a request of the client that is passed on to a server. */
  passed(request: Envelope, named: Named, server: string): void {
    const { method } = request.head;
    if (method === STATE_METHODS.unsubscribe) this.#all.delete(named.name);
    if (method === STATE_METHODS.subscribe) this.#add({ named, server });
  }

  /** Answers a request about a resource that no server is known to have; nothing where it is no request of this kind. */
  answer(request: Envelope, named: Named): Envelope | undefined {
    const { id, method } = request.head;
    const isDone = method === STATE_METHODS.unsubscribe
      ? this.#all.delete(named.name)
      : method === STATE_METHODS.subscribe && this.#add({ named });
    return isDone ? Envelope.result(id as RequestId, {}) : undefined;
  }

  /** A server has begun another life, which knows of none. */
  begun({ name }: Member): void {
    for (const one of this.#all.values()) {
      if (one.server === name) one.server = undefined;
    }
  }

  /** There may be servers now that have what is waited for. */
  look(): void {
    this.#isNews = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    const looked = this.#look().finally(() => this.#isLooking = false);
    background(this.#log, "Subscribing late", looked);
  }

  async #look(): Promise<void> {
    while (this.#isNews) {
      this.#isNews = false;
      for (const one of this.#all.values()) {
        if (one.server !== undefined) continue;
        const found = await this.#finder.find(one.named);
        const member = this.#members.find(({ name }) => name === found?.server);
        if (member?.ready) await this.#make(one, member);
      }
    }
  }

  async #make(one: Subscription, member: Member): Promise<void> {
    one.server = member.name;
    const params = { uri: one.named.name };
    try {
      const answer = await member.ask(STATE_METHODS.subscribe, params);
      if (!answer.head.failed) return;
    } catch {
      one.server = undefined; // It is gone, and has it made when it comes back.
    }
    const fields = { server: member.name };
    this.#log.warn("Subscription not made", fields);
  }

  #add(one: Subscription): boolean {
    const { name: uri } = one.named;
    const fits = uri.length <= MAX_URI_CHARS &&
      (this.#all.size < MAX_SUBSCRIPTIONS || this.#all.has(uri));
    if (fits) this.#all.set(uri, one);
    return fits;
  }
}
