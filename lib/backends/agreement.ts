// What a client and its server have agreed on, so that it can be restored with a server started anew.

import type { Envelope } from "../channel/envelope.ts";
import type { Memory } from "../channel/memory.ts";
import { requestIdOf } from "../channel/named_ids.ts";
import { SlimMap } from "../channel/slim_map.ts";
import { SlimSet } from "../channel/slim_set.ts";
import { METHODS } from "../protocol/methods.ts";
import { idKey } from "../protocol/messages.ts";
import type { RequestId } from "../protocol/messages.ts";
import type { Log } from "../telemetry/log.ts";

/** The methods by which a client changes what a server keeps for it. */
export const STATE_METHODS = {
  setLevel: "logging/setLevel",
  subscribe: "resources/subscribe",
  unsubscribe: "resources/unsubscribe",
} as const;

/** What an agreement is changed by. */
const CHANGING: ReadonlySet<string> = new Set([
  METHODS.initialize,
  ...Object.values(STATE_METHODS),
]);

/** How many subscriptions of a session are remembered. */
export const MAX_SUBSCRIPTIONS = 256;

/** The longest uri that is remembered. */
export const MAX_URI_CHARS = 8 * 1024;

/** An agreement as it stands. */
export interface Agreed {
  /** The client's own words. */
  readonly initialize: Envelope;
  readonly protocolVersion: unknown;
  readonly capabilities: unknown;
  /** Whether the client has said `notifications/initialized`. */
  readonly initialized: boolean;
  /** The log level that the client has set. */
  readonly level?: string;
  /** The uris of the resources it has subscribed to. */
  readonly subscriptions: readonly string[];
}

type Handshake = Pick<
  Agreed,
  "initialize" | "protocolVersion" | "capabilities"
>;

/** Overhears both sides of a session. What is asked counts once it is answered with a result. */
export class Agreement {
  readonly #memory: Memory;
  readonly #log: Log;
  /** What the answers to requests under way would change, by the keys of the requests. */
  readonly #changes = new SlimMap<string, () => void>();
  readonly #subscriptions = new SlimSet<string>();
  #asked?: Envelope;
  #handshake?: Handshake;
  #heldBytes = 0;
  #initialized = false;
  #level?: string;

  constructor(memory: Memory, log: Log) {
    this.#memory = memory;
    this.#log = log;
  }

  /** What a server started now has to be told; nothing before the first successful handshake. */
  get agreed(): Agreed | undefined {
    return this.#handshake && {
      ...this.#handshake,
      initialized: this.#initialized,
      level: this.#level,
      subscriptions: [...this.#subscriptions],
    };
  }

  /** Notes a message of the client. */
  said(envelope: Envelope): void {
    const { kind, id, method } = envelope.head;
    if (kind === "request") this.#ask(idKey(id as RequestId), envelope);
    if (method === METHODS.initialized) this.#initialized = true;
    if (method !== METHODS.cancelled) return;
    const cancelled = requestIdOf(envelope);
    if (cancelled !== undefined) this.#changes.delete(idKey(cancelled));
  }

  /** Notes an answer of the server. */
  answered(envelope: Envelope): void {
    if (!this.#asked && this.#changes.size === 0) return;
    const key = idKey(envelope.head.id as RequestId);
    const succeeded = !envelope.head.failed;
    if (this.#asked && idKey(this.#asked.head.id as RequestId) === key) {
      if (succeeded) this.#agree(this.#asked, envelope);
      this.#asked = undefined;
    }
    if (succeeded) this.#changes.get(key)?.();
    this.#changes.delete(key);
  }

  /** The server is gone: what is under way will not be answered. */
  lost(): void {
    this.#asked = undefined;
    this.#changes.clear();
  }

  /** The session begins anew, or is over. */
  forget(): void {
    this.lost();
    this.#handshake = undefined;
    this.#initialized = false;
    this.#level = undefined;
    this.#subscriptions.clear();
    this.#hold(0);
  }

  #ask(key: string, envelope: Envelope): void {
    const { method } = envelope.head;
    if (!CHANGING.has(method as string)) return;
    const { params } = envelope.message();
    switch (method) {
      case METHODS.initialize:
        this.#asked = envelope;
        this.#initialized = false;
        break;
      case STATE_METHODS.setLevel: {
        const level = textOf(params?.level);
        this.#changes.set(key, () => this.#level = level);
        break;
      }
      case STATE_METHODS.subscribe:
        this.#changes.set(key, () => this.#subscribe(params?.uri));
        break;
      case STATE_METHODS.unsubscribe:
        this.#changes.set(
          key,
          () => this.#subscriptions.delete(params?.uri as string),
        );
    }
  }

  #agree(initialize: Envelope, answer: Envelope): void {
    const { protocolVersion, capabilities } =
      (answer.message().result ?? {}) as Partial<Handshake>;
    this.#handshake = { initialize, protocolVersion, capabilities };
    this.#hold(initialize.bytes.length + answer.bytes.length);
  }

  #subscribe(given: unknown): void {
    const uri = textOf(given);
    if (uri === undefined) return;
    const fits = uri.length <= MAX_URI_CHARS &&
      this.#subscriptions.size < MAX_SUBSCRIPTIONS;
    if (fits) this.#subscriptions.add(uri);
    else this.#log.warn("Subscription would not outlive the backend");
  }

  #hold(bytes: number): void {
    this.#memory.add(bytes - this.#heldBytes);
    this.#heldBytes = bytes;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
