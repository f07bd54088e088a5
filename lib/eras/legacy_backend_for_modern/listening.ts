// One `subscriptions/listen`: what a legacy server tells of changes, for as long as a client listens.

import { Envelope } from "../../channel/envelope.ts";
import { MAX_SUBSCRIPTIONS, MAX_URI_CHARS } from "../../backends/agreement.ts";
import { GatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import { resultOf } from "./answers.ts";
import type { Asker } from "./asker.ts";
import { objectIn } from "./bridged_request.ts";
import type { ClientSessions, Listener } from "./client_sessions.ts";
import type { Lease } from "./lease.ts";
import type { LegacySession } from "./legacy_session.ts";
import { subscriptionTag, tagged } from "./notices.ts";

/** The lists whose changes can be told, by the members of a filter (2026-07-28 `basic/patterns/subscriptions` § Notification Filter). */
const LISTS = {
  toolsListChanged: "tools",
  promptsListChanged: "prompts",
  resourcesListChanged: "resources",
} as const;

const UPDATED = "notifications/resources/updated";

/** What waits until the client was told what it listens to, in messages. */
const MAX_EARLY = 256;

/** What a client listens to, as far as the server has it. */
type Honoured = Readonly<Record<string, true | readonly string[]>>;

/** Whoever opens one abandons it. */
export class Listening implements Listener {
  readonly #asker: Asker;
  readonly #lease: Lease;
  readonly #sessions: ClientSessions;
  /** The methods of notifications that are wanted. */
  readonly #wanted = new Set<string>();
  /** The uris of resources that were asked for. */
  #uris: readonly string[] = [];
  /** What is told before the acknowledgment may not be said yet. */
  #early?: Envelope[] = [];

  constructor(asker: Asker, lease: Lease, sessions: ClientSessions) {
    this.#asker = asker;
    this.#lease = lease;
    this.#sessions = sessions;
  }

  /** Begins it. Throws `invalid_params` where nothing is said of what is wanted. */
  async open(): Promise<void> {
    const { request } = this.#asker;
    const filter = request.params.notifications;
    if (objectIn(filter) !== filter) throw noFilter();
    this.#sessions.listeners.add(this);
    const honoured = await this.#honour(objectIn(filter));
    const acknowledged = Envelope.of({
      jsonrpc: "2.0",
      method: METHODS.acknowledged,
      params: { notifications: honoured },
    });
    const early = [acknowledged, ...this.#early ?? []];
    this.#early = undefined;
    for (const notice of early) await this.#tell(notice);
  }

  /** Nobody listens any more. May be called twice. */
  abandon(): void {
    this.#sessions.listeners.delete(this);
    const { subscriptions } = this.#lease.session;
    for (const uri of this.#uris) subscriptions.remove(uri);
    this.#uris = [];
    this.#lease.release();
  }

  hear(notice: Envelope): Promise<unknown> | undefined {
    const { method = "" } = notice.head;
    if (!this.#wanted.has(method)) return undefined;
    const { uri } = notice.message().params ?? {};
    if (method === UPDATED && !this.#uris.includes(uri as string)) {
      return undefined;
    }
    if (!this.#early) return this.#tell(notice);
    if (this.#early.length < MAX_EARLY) this.#early.push(notice);
    return undefined;
  }

  ended(session: LegacySession): void {
    if (session !== this.#lease.session) return;
    const { request } = this.#asker;
    const end = resultOf(request, subscriptionTag(request), undefined);
    this.abandon();
    this.#asker.answer(end);
  }

  async #honour(filter: Readonly<Record<string, unknown>>): Promise<Honoured> {
    const { capabilities } = this.#lease.session.introduction ?? {};
    const lists = Object.entries(LISTS).filter(([member, list]) =>
      filter[member] === true &&
      objectIn(capabilities?.[list]).listChanged === true
    );
    for (const [, list] of lists) {
      this.#wanted.add(`notifications/${list}/list_changed`);
    }
    const resources = objectIn(capabilities?.resources);
    const uris = resources.subscribe === true
      ? await this.#subscribe(filter.resourceSubscriptions)
      : [];
    return {
      ...Object.fromEntries(lists.map(([member]) => [member, true as const])),
      ...(uris.length > 0 && { resourceSubscriptions: uris }),
    };
  }

  /** Those that the server tells of. */
  async #subscribe(asked: unknown): Promise<string[]> {
    const uris = new Set(Array.isArray(asked) ? asked : []);
    this.#uris = [...uris].filter(isUri).slice(0, MAX_SUBSCRIPTIONS);
    this.#wanted.add(UPDATED);
    const { subscriptions } = this.#lease.session;
    const told = await Promise.all(
      this.#uris.map((uri) => subscriptions.add(uri)),
    );
    return this.#uris.filter((_uri, at) => told[at]);
  }

  #tell(notice: Envelope): Promise<unknown> | undefined {
    const message = tagged(notice, this.#asker.request);
    return message && this.#asker.tell(message);
  }
}

function isUri(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_URI_CHARS;
}

function noFilter(): GatewayError {
  return new GatewayError(
    "invalid_params",
    "params.notifications does not say what is to be told",
  );
}
