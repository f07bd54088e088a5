// What a session watches at a server of the modern era: its lists, and the resources that its client has subscribed to.

import { randomUUID } from "node:crypto";
import type { Deadline, Deadlines } from "../../channel/deadlines.ts";
import { Envelope } from "../../channel/envelope.ts";
import { MAX_SUBSCRIPTIONS, MAX_URI_CHARS } from "../../backends/agreement.ts";
import { BackOff } from "../../backends/back_off.ts";
import { allChanged } from "../../backends/shared/relisten.ts";
import { GatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { RpcError } from "../../protocol/messages.ts";
import { objectIn } from "../legacy_backend_for_modern/bridged_request.ts";
import type { Log } from "../../telemetry/log.ts";
import { plainNotice } from "./notices.ts";
import { invalidParams, legacyError } from "./refusals.ts";

/** How long a server may take to say what of it can be watched, in milliseconds. */
const ACKNOWLEDGE_LIMIT_MS = 30_000;

/** The lists that may change, with what they are called in a filter (2026-07-28 `basic/patterns/subscriptions` § Notification Filter). */
const LISTS = {
  tools: "toolsListChanged",
  prompts: "promptsListChanged",
  resources: "resourcesListChanged",
} as const;

type Filter = Readonly<Record<string, unknown>>;

/** What watching needs of its session. */
export interface WatchOptions {
  /** The name of the server. */
  readonly name: string;
  /** Of the server. */
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly deadlines: Deadlines;
  readonly log: Log;
  /** Begins a subscription under this id. */
  listen(id: string, notifications: Filter): void;
  /** Ends one. */
  cancel(id: string): void;
  tell(notice: Envelope): void;
}

/** A subscription that the server has not acknowledged yet. */
interface Opening {
  readonly id: string;
  /** Takes the acknowledgment, or the answer that there is none. */
  settle(outcome: Envelope): void;
}

/** A subscription of the session; it has one at a time, for a filter cannot be changed. */
interface Subscription {
  readonly id: string;
  readonly acknowledged: Envelope;
}

/** See its file. Whoever makes one ends it. */
export class Watch {
  readonly #options: WatchOptions;
  readonly #lists: Filter;
  readonly #uris = new Set<string>();
  readonly #backOff = new BackOff();
  /** The one whose events count. */
  #current?: Subscription;
  /** The one that is to take its place. */
  #next?: Opening;
  #last: Promise<unknown> = Promise.resolve();
  #queued?: Promise<Envelope | undefined>;
  #again?: Deadline;
  #isOver = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    const { capabilities } = options;
    this.#lists = Object.fromEntries(
      Object.entries(LISTS)
        .filter(([list]) => objectIn(capabilities[list]).listChanged === true)
        .map(([, wanted]) => [wanted, true]),
    );
  }

  /** Watches the lists, if the server says that they may change. */
  begin(): void {
    if (Object.keys(this.#lists).length > 0) void this.#renewAgain(false);
  }

  /** Watches a resource as well; resolves to why that is not done. */
  async subscribe(uri: string): Promise<RpcError | undefined> {
    if (this.#uris.has(uri)) return undefined;
    if (this.#uris.size >= MAX_SUBSCRIPTIONS || uri.length > MAX_URI_CHARS) {
      return invalidParams("Too many resources are subscribed to");
    }
    this.#uris.add(uri);
    const outcome = await this.#renew();
    if (outcome && grants(outcome, uri)) return undefined;
    this.#uris.delete(uri);
    const { name } = this.#options;
    const { error } = outcome?.message() ?? {};
    if (error) return legacyError(name, error);
    return invalidParams(
      `Server "${name}" does not tell of changes of this resource`,
    );
  }

  /** Watches it no more. */
  unsubscribe(uri: string): void {
    if (this.#uris.delete(uri)) void this.#renew();
  }

  /** Takes a notification; `false` where it belongs to no subscription of the session. */
  heard(notice: Envelope): boolean {
    const { relatesTo, head } = notice;
    if (typeof relatesTo !== "string" || !relatesTo.startsWith(PREFIX)) {
      return false;
    }
    if (relatesTo === this.#next?.id) {
      if (head.method === METHODS.acknowledged) this.#begun(notice);
    } else if (relatesTo === this.#current?.id) {
      this.#options.tell(plainNotice(notice));
    }
    return true;
  }

  /** Takes the end of a subscription; `false` where it is the answer to something else. */
  answered(answer: Envelope): boolean {
    const { id } = answer.head;
    if (typeof id !== "string" || !id.startsWith(PREFIX)) return false;
    if (id === this.#next?.id) this.#settle(answer);
    else if (id === this.#current?.id) this.#lost(this.#current, answer);
    return true;
  }

  /** Nothing is watched any more. */
  end(): void {
    this.#isOver = true;
    this.#options.deadlines.end(this.#again);
    this.#current = undefined;
    this.#next = undefined;
  }

  /** What was watched so far was heard until now. */
  #begun(acknowledged: Envelope): void {
    const { deadlines, cancel } = this.#options;
    const former = this.#current;
    const { id } = this.#next as Opening;
    this.#current = { id, acknowledged };
    this.#backOff.ready();
    deadlines.end(this.#again);
    this.#settle(acknowledged);
    if (former) cancel(former.id);
  }

  #settle(outcome: Envelope): void {
    const next = this.#next;
    this.#next = undefined;
    next?.settle(outcome);
  }

  #lost({ acknowledged }: Subscription, answer: Envelope): void {
    this.#current = undefined;
    const { params } = acknowledged.message();
    // A server that watches nothing has nothing more to say.
    const granted = Object.keys(objectIn(params?.notifications));
    if (granted.length > 0) this.#retry(answer);
  }

  #retry(reason: Envelope): void {
    const { deadlines, log } = this.#options;
    this.#backOff.died();
    const { waitMs } = this.#backOff;
    const error = reason.message().error?.message;
    log.debug("Subscription lost", { reason: error ?? "the server ended it" });
    this.#again = deadlines.start(waitMs, () => void this.#renewAgain(true));
  }

  /** Events may have been missed by the time that it is back. */
  async #renewAgain(isBack: boolean): Promise<void> {
    const outcome = await this.#renew();
    if (this.#isOver || !outcome) return;
    if (outcome.head.method !== METHODS.acknowledged) {
      // What it refuses by itself it will refuse again.
      if (outcome.tells) return this.#retry(outcome);
      return this.#options.log.debug("Subscription refused");
    }
    if (!isBack) return;
    for (const notice of allChanged("", outcome)) {
      this.#options.tell(plainNotice(notice));
    }
  }

  /** Watches what is wanted now; resolves with the acknowledgment or the refusal, to nothing where nothing is wanted. Those asked for meanwhile share the next one. */
  #renew(): Promise<Envelope | undefined> {
    this.#queued ??= this.#last.then(() => {
      this.#queued = undefined;
      return this.#open();
    });
    this.#last = this.#queued;
    return this.#queued;
  }

  async #open(): Promise<Envelope | undefined> {
    const { deadlines, listen, cancel } = this.#options;
    if (this.#isOver) return undefined;
    const uris = [...this.#uris];
    const filter = {
      ...this.#lists,
      ...(uris.length > 0 && { resourceSubscriptions: uris }),
    };
    const former = this.#current;
    if (Object.keys(filter).length === 0) {
      this.#current = undefined;
      if (former) cancel(former.id);
      return undefined;
    }
    const id = `${PREFIX}${randomUUID()}`;
    const { promise, resolve } = Promise.withResolvers<Envelope>();
    this.#next = { id, settle: resolve };
    const limit = deadlines.start(ACKNOWLEDGE_LIMIT_MS, () => {
      cancel(id);
      this.#settle(Envelope.failure(id, this.#tooLate()));
    });
    listen(id, filter);
    const outcome = await promise;
    deadlines.end(limit);
    return outcome;
  }

  #tooLate(): GatewayError {
    return new GatewayError(
      "backend_timeout",
      `Server "${this.#options.name}" did not acknowledge a subscription within ${
        ACKNOWLEDGE_LIMIT_MS / 1_000
      } s`,
    );
  }
}

/** What the ids of subscriptions begin with; no client's do. */
const PREFIX = `mcp-front-watch-`;

function grants(outcome: Envelope, uri: string): boolean {
  const { params } = outcome.message();
  const { resourceSubscriptions } = objectIn(params?.notifications);
  return Array.isArray(resourceSubscriptions) &&
    resourceSubscriptions.includes(uri);
}
