// A server of the modern era with all its conversations for one principal: many at a time over one child.

import type { OpenContext } from "../../backend.ts";
import { Deadlines } from "../../channel/deadlines.ts";
import type { Deadline } from "../../channel/deadlines.ts";
import { Envelope } from "../../channel/envelope.ts";
import { REQUEST_ID, requestIdOf } from "../../channel/named_ids.ts";
import { NotModern } from "../../channel/not_modern.ts";
import { replacedMembers } from "../../channel/replaced_members.ts";
import { asGatewayError, GatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { background } from "../../telemetry/background.ts";
import type { Log } from "../../telemetry/log.ts";
import { overloaded } from "../../transports/backend/overloaded.ts";
import { dropped } from "../dropped.ts";
import { AskedRequests } from "./asked.ts";
import type { Asked } from "./asked.ts";
import { SharedChannel } from "./channel.ts";
import type { Carrier } from "./channel.ts";
import type { SharedLife } from "./life.ts";
import { Lives } from "./lives.ts";
import type { LivesOptions } from "./lives.ts";
import { allChanged } from "./relisten.ts";
import { route } from "./routes.ts";

/** What such a server is made of. */
export interface SharedServerOptions extends
  Pick<
    LivesOptions,
    "inner" | "context" | "openMs" | "takePlace" | "isKnown" | "onSilence"
  > {
  readonly log: Log;
  /** It has answered as one of the modern era. */
  onModern(): void;
  /** Called once when it has ended, or begins to. */
  onEnd(): void;
}

/** See `shared`. Whoever makes one ends it; without conversations it ends by itself after a while. */
export class SharedServer implements Carrier {
  readonly name: string;
  readonly #options: SharedServerOptions;
  readonly #log: Log;
  readonly #lives: Lives;
  readonly #channels = new Set<SharedChannel>();
  readonly #asked = new AskedRequests();
  /** The subscriptions that have outlived a server, until the next one knows of them. */
  readonly #orphans = new Set<Asked>();
  /** Those that the next one has to acknowledge once more. */
  readonly #again = new Set<Asked>();
  readonly #deadlines = new Deadlines();
  readonly #ended = Promise.withResolvers<void>();
  #idle?: Deadline;
  #end?: GatewayError;
  /** Said to nobody, as all who had asked were gone by then: whoever asks next is told, and need not find out anew. */
  #untold?: NotModern;

  constructor(options: SharedServerOptions) {
    this.name = options.inner.name;
    this.#options = options;
    this.#log = options.log.with({ server: this.name });
    this.#lives = new Lives({
      ...options,
      hear: (envelope) => this.#hear(envelope),
      onReady: (life) => this.#onReady(life),
      onDeath: (reason) => this.#onDeath(reason),
    });
  }

  /** Whether there is no conversation. */
  get isIdle(): boolean {
    return this.#channels.size === 0;
  }

  get isShared(): boolean {
    return this.#channels.size > 1;
  }

  /** Begins a conversation. Throws why the server has ended. */
  open(context: OpenContext): SharedChannel {
    if (this.#end) throw this.#end;
    const channel = new SharedChannel(this, context);
    this.#channels.add(channel);
    this.#deadlines.end(this.#idle);
    return channel;
  }

  /** Ends all conversations with `reason`, and the child. May be called twice. */
  end(reason: GatewayError): void {
    if (this.#end) return;
    this.#end = reason;
    this.#options.onEnd();
    this.#deadlines.clear();
    for (const channel of this.#channels) channel.break(reason);
    const ending = this.#lives.close(reason);
    background(this.#log, "Ending a server", ending);
    this.#ended.resolve(ending.catch(() => {}));
  }

  /** Resolves when it has ended and nothing is left of it. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  async carry(channel: SharedChannel, envelope: Envelope): Promise<void> {
    const { kind, method } = envelope.head;
    if (kind === "request") return await this.#ask(channel, envelope);
    const outward = method === METHODS.cancelled
      ? this.#cancellation(channel, envelope)
      : kind === "notification" && envelope;
    const life = outward && this.#lives.current;
    if (!life) return this.#drop("client", envelope, "no server waits for it");
    await this.#tell(life, outward);
  }

  leave(channel: SharedChannel): void {
    this.#channels.delete(channel);
    for (const asked of this.#asked.ownedBy(channel)) {
      this.#forget(asked);
      const life = this.#lives.current;
      if (life) void this.#tell(life, cancellationOf(asked));
    }
    if (this.#end || this.#channels.size > 0) return;
    const { idleMs } = channel.context.limits;
    this.#idle = this.#deadlines.start(idleMs, () => this.#endIdle(idleMs));
  }

  /** The answer to a request comes from the server, or says why it does not. */
  async #ask(channel: SharedChannel, request: Envelope): Promise<void> {
    const id = request.head.id as RequestId;
    const untold = this.#untold;
    this.#untold = undefined;
    if (untold) return void channel.hear(failure(id, untold));
    const { requestsPerSession } = channel.context.limits;
    if (this.#asked.of(channel) >= requestsPerSession) {
      const refusal = overloaded(this.name, requestsPerSession);
      return void channel.hear(failure(id, refusal));
    }
    let life: SharedLife;
    try {
      life = this.#lives.forRequest();
    } catch (error) {
      return void channel.hear(failure(id, asGatewayError(error)));
    }
    const { asked, outward } = this.#asked.enter(channel, request);
    try {
      await life.send(outward);
    } catch (error) {
      // Its death may have answered it already.
      if (!this.#asked.numbered(asked.number)) return;
      this.#forget(asked);
      void channel.hear(failure(id, asGatewayError(error)));
    }
  }

  /** What the server is to be told of it, if it still works on the request. */
  #cancellation(
    channel: SharedChannel,
    cancelled: Envelope,
  ): Envelope | undefined {
    const asked = this.#asked.named(channel, requestIdOf(cancelled));
    if (!asked) return undefined;
    this.#forget(asked);
    const replacement = { path: REQUEST_ID, json: `${asked.number}` };
    return replacedMembers(cancelled, [replacement]);
  }

  /** A promise where somebody has to be waited for who does not read. */
  #hear(envelope: Envelope): Promise<void> | undefined {
    const routed = route(envelope, this.#asked, this.#channels);
    if (!routed) {
      this.#drop("backend", envelope, "nobody waits for it");
      return undefined;
    }
    const { asked, channel } = routed;
    const isAgain = asked && envelope.head.method === METHODS.acknowledged &&
      this.#again.delete(asked);
    if (!isAgain) return channel.hear(routed.envelope);
    for (const change of allChanged(asked.id, routed.envelope)) {
      void channel.hear(change);
    }
  }

  #onReady(life: SharedLife): void {
    this.#options.onModern();
    for (const asked of this.#orphans) {
      this.#again.add(asked);
      void this.#tell(life, asked.kept as Envelope);
    }
    this.#orphans.clear();
  }

  /** Subscriptions outlive it, all other requests are answered. */
  #onDeath(reason: GatewayError): void {
    const verdict = reason instanceof NotModern ? reason : undefined;
    const waiting = this.#asked.all();
    if (waiting.length === 0) this.#untold = verdict;
    for (const asked of waiting) {
      if (asked.kept && !verdict) {
        this.#orphans.add(asked);
        continue;
      }
      this.#forget(asked);
      void asked.channel.hear(failure(asked.id, reason));
    }
    if (this.#orphans.size > 0) this.#lives.restart();
  }

  #forget(asked: Asked): void {
    this.#asked.forget(asked);
    this.#orphans.delete(asked);
    this.#again.delete(asked);
  }

  /** Its own death tells what becomes of those that wait. */
  async #tell(life: SharedLife, envelope: Envelope): Promise<void> {
    try {
      await life.send(envelope);
    } catch (error) {
      this.#drop("client", envelope, asGatewayError(error).summary);
    }
  }

  #endIdle(idleMs: number): void {
    const why = `Nothing was said for ${idleMs / 1_000} s`;
    const fields = { limit: "idle" };
    this.end(new GatewayError("client_gone", why, { fields }));
  }

  #drop(from: "client" | "backend", envelope: Envelope, why: string): void {
    this.#log.debug("Message dropped", dropped(from, envelope, why));
  }
}

function failure(id: RequestId, reason: GatewayError): Envelope {
  return Envelope.failure(id, reason).relating(id);
}

function cancellationOf({ number }: Asked): Envelope {
  const params = { requestId: number, reason: "The client has left" };
  const method = METHODS.cancelled;
  return Envelope.of({ jsonrpc: "2.0", method, params });
}
