// One client joined to one backend, from its first message until either leaves.

import { createHash, randomBytes } from "node:crypto";
import type { Backend, BackendChannel } from "../backend.ts";
import type { Envelope } from "../channel/envelope.ts";
import type { Memory } from "../channel/memory.ts";
import { GatewayError } from "../errors.ts";
import { leave } from "../following_principal.ts";
import type { Limits } from "../limits.ts";
import { revocationOf } from "../principal.ts";
import type { Principal } from "../principal.ts";
import { background } from "../telemetry/background.ts";
import { errorFields } from "../telemetry/error_fields.ts";
import type { Log } from "../telemetry/log.ts";
import type { ClientChannel } from "../transports/client/client_channel.ts";
import { bridge } from "./bridge.ts";
import type { BridgeEnd } from "./bridge.ts";

/** Entropy of a session id, in bytes. */
const ID_BYTES = 24;

/** What a session is made of. */
export interface SessionOptions<C extends ClientChannel> {
  readonly id: string;
  readonly owner: Principal;
  readonly transport: "sse" | "streamable-http";
  readonly backend: Backend;
  /** The path it was opened at, without what is particular to the transport: `/files`, or nothing for the root. */
  readonly path: string;
  readonly channel: C;
  readonly limits: Limits;
  /** What its buffers hold, those of the channel included. */
  readonly memory: Memory;
  /** Its lines name the session. */
  readonly log: Log;
}

/** A session; its owner is the session table. */
export class Session<C extends ClientChannel = ClientChannel> {
  readonly id: string;
  readonly label: string;
  readonly owner: Principal;
  readonly server: string;
  readonly path: string;
  readonly channel: C;
  readonly #options: SessionOptions<C>;
  readonly #log: Log;
  readonly #ending = new AbortController();
  readonly #counts = { fromClient: 0, fromBackend: 0, dropped: 0 };
  #ended: Promise<void> = Promise.resolve();
  /** Whether it was used since it was last asked how long it was not. */
  #wasUsed = false;
  #lastUse = Date.now();
  #behind?: BackendChannel;

  constructor(options: SessionOptions<C>) {
    this.id = options.id;
    this.label = labelOf(options.id);
    this.owner = options.owner;
    this.server = options.backend.name;
    this.path = options.path;
    this.channel = options.channel;
    this.#options = options;
    this.#log = options.log;
  }

  /** Resolves when it was started, both channels are closed and nothing of it is left. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Notes that the session was used, by either side. */
  touch(): void {
    this.#wasUsed = true;
  }

  /** The name of the server that a message of the client is for; `*` for all. */
  addressee(envelope: Envelope): string {
    return this.#behind?.addressee?.(envelope) ?? this.server;
  }

  /** How long nothing has happened, in milliseconds; 0 while a stream is open or a call under way, and where it was used since this was last asked. */
  idleMs(now: number): number {
    if (this.#wasUsed || this.channel.busy) this.#lastUse = now;
    this.#wasUsed = false;
    return now - this.#lastUse;
  }

  /** Joins the two sides in the background. */
  start(): void {
    const work = this.#run();
    background(this.#log, "Session", work);
    this.#ended = work.catch(() => {
      // Logged above.
    });
  }

  /** Ends the session, with the reason when it is not the client's own wish. */
  close(reason?: GatewayError): Promise<void> {
    this.#ending.abort(reason);
    this.channel.hangUp(reason);
    return this.ended;
  }

  async #run(): Promise<void> {
    const { owner, backend, transport, channel, limits, memory } =
      this.#options;
    const began = Date.now();
    this.#log.info("Session opened", { transport });
    const revoked = () => void this.close(revocationOf(owner));
    owner.revoked.addEventListener("abort", revoked, { once: true });
    // It may have been so since the request was let in.
    if (owner.revoked.aborted) revoked();
    try {
      const { signal } = this.#ending;
      const behind = this.#behind = await backend.open({
        principal: owner,
        session: this.label,
        signal,
        limits,
        memory,
      });
      const end = await bridge(channel, behind, {
        counts: this.#counts,
        log: this.#log,
        maxRequests: limits.requestsPerSession,
        clientOver: channel.over,
        onCrossing: () => this.touch(),
      });
      this.#logEnd(end, began);
    } catch (error) {
      await channel.close();
      throw error;
    } finally {
      owner.revoked.removeEventListener("abort", revoked);
      leave(owner);
    }
  }

  #logEnd({ by, error }: BridgeEnd, began: number): void {
    const closing: unknown = this.#ending.signal.reason;
    const ended = closing instanceof GatewayError ? closing : undefined;
    const cause = error ?? ended;
    const failed = by === "backend" && error !== undefined;
    const fields = {
      ended_by: ended && by === "client" ? "gateway" : by,
      ...(cause && {
        fault: cause.fault,
        reason: cause.summary,
        ...cause.fields,
      }),
      duration_ms: Date.now() - began,
      messages_from_client: this.#counts.fromClient,
      messages_from_backend: this.#counts.fromBackend,
      messages_dropped: this.#counts.dropped,
    };
    if (cause?.fault === "internal") {
      const unforeseen = errorFields(cause.cause);
      this.#log.error("Session failed", { ...fields, ...unforeseen });
    } else if (failed) {
      this.#log.warn("Backend failed", fields);
    }
    this.#log.info("Session closed", fields);
  }
}

/** A new, unguessable session id of visible ASCII. */
export function newSessionId(): string {
  return randomBytes(ID_BYTES).toString("base64url");
}

/** A short name for a session that is safe to log: it does not lead back to the id. */
export function labelOf(id: string): string {
  return createHash("sha256").update(id).digest("hex").slice(0, 8);
}
