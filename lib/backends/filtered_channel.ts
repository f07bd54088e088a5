// A conversation with a server that stands between it and a client who may not use all of it.

import type { OpenContext } from "../backend.ts";
import type { Channel } from "../channel/channel.ts";
import { Envelope } from "../channel/envelope.ts";
import type { Head } from "../channel/envelope.ts";
import { requestIdOf } from "../channel/named_ids.ts";
import { LOOKAHEAD_BYTES } from "../channel/limits.ts";
import { Pipe } from "../channel/pipe.ts";
import { uniqueMembers } from "../channel/unique_members.ts";
import { asGatewayError, GatewayError } from "../errors.ts";
import { METHODS } from "../protocol/methods.ts";
import type { RequestId } from "../protocol/messages.ts";
import { errorFields } from "../telemetry/error_fields.ts";
import type { Log } from "../telemetry/log.ts";
import type { HeldCall } from "./held_calls.ts";
import { ListRequests } from "./list_requests.ts";
import { isName, offerUsed, refuseAmbiguous } from "./offer.ts";
import type { Offer } from "./offer.ts";
import { toolsIn, visibleOffers } from "./offer_lists.ts";
import type { ListingBounds } from "./own_listing.ts";
import { Permissions } from "./permissions.ts";
import { refusalAs } from "./refusal_as.ts";
import { ToolHints } from "./tool_hints.ts";
import { UndecidedCalls } from "./undecided_calls.ts";
import { visibleSubscriptions } from "./visible_subscriptions.ts";

const TOOLS_CHANGED = "notifications/tools/list_changed";
const RESOURCE_UPDATED = "notifications/resources/updated";

/** What a filtered channel is made of, besides the inner one. */
export interface FilteredOptions {
  readonly server: string;
  readonly context: OpenContext;
  readonly log: Log;
  readonly bounds: ListingBounds;
}

/** See `filtered`. */
export class FilteredChannel implements Channel {
  readonly #inner: Channel;
  readonly #server: string;
  readonly #log: Log;
  readonly #permissions: Permissions;
  readonly #lists: ListRequests;
  readonly #hints = new ToolHints();
  readonly #undecided: UndecidedCalls;
  readonly #out: Pipe<Envelope>;
  readonly #reading: Promise<void>;
  #isClosed = false;

  constructor(inner: Channel, options: FilteredOptions) {
    const { server, context, log } = options;
    const { principal, limits, memory } = context;
    this.#inner = inner;
    this.#server = server;
    this.#log = log;
    this.#permissions = new Permissions(principal, server);
    this.#lists = new ListRequests(limits.requestsPerSession);
    this.#undecided = new UndecidedCalls({
      ...options,
      inner,
      hints: this.#hints,
      decided: (call) => this.#decided(call),
      undecidable: (call, why) => this.#undecidable(call, why),
    });
    this.#out = new Pipe(LOOKAHEAD_BYTES, ({ bytes }) => bytes.length, memory);
    this.#reading = this.#read();
  }

  send(envelope: Envelope): Promise<void> {
    if (this.#isClosed) return this.#inner.send(envelope);
    try {
      refuseAmbiguous(envelope.message());
      if (envelope.head.kind === "response") return this.#inner.send(envelope);
      return this.#carry(uniqueMembers(envelope));
    } catch (error) {
      return this.#refuse(envelope, asGatewayError(error));
    }
  }

  /** Tells the client something by itself. */
  tell(notices: readonly Envelope[]): void {
    for (const notice of notices) void this.#out.put(notice);
  }

  async close(reason?: Error): Promise<void> {
    this.#isClosed = true;
    this.#undecided.drop();
    this.#out.drop();
    await this.#inner.close(reason);
    await this.#reading;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return this.#out;
  }

  /** Hands a message of the client on, now or when more is known. Throws why it may not be. */
  #carry(said: Envelope): Promise<void> {
    const envelope = visibleSubscriptions(
      said,
      this.#permissions,
      (refusal) => this.#logRefusal(said.head, refusal),
    );
    const { method } = envelope.head;
    if (method === METHODS.initialize) this.#hints.forget();
    if (method === METHODS.cancelled) {
      // The server knows nothing of it.
      const wasHeld = this.#undecided.cancel(requestIdOf(envelope));
      if (wasHeld) return Promise.resolve();
    }
    const { restricted } = this.#permissions;
    const offer = offerUsed(envelope.message(), restricted);
    if (offer) {
      const hint = this.#hintOf(offer);
      const decision = this.#permissions.decide(offer, hint);
      if (decision.dependsOn && hint === undefined) {
        return this.#hold(envelope, offer);
      }
      if (!decision.allowed) throw this.#permissions.refusal(offer, decision);
    }
    this.#lists.said(envelope, restricted, this.#hints.age);
    return this.#inner.send(envelope);
  }

  #hintOf({ kind, name }: Offer): boolean | undefined {
    return kind === "tool" ? this.#hints.of(name) : undefined;
  }

  #hold(request: Envelope, tool: Offer): Promise<void> {
    if (request.head.kind !== "request") {
      throw this.#refusalOf(tool, "and nobody waits for an answer");
    }
    this.#undecided.hold({ request, tool });
    return Promise.resolve();
  }

  async #decided({ request, tool }: HeldCall): Promise<void> {
    try {
      const decision = this.#permissions.decide(tool, this.#hintOf(tool));
      if (!decision.allowed) throw this.#permissions.refusal(tool, decision);
      await this.#inner.send(request);
    } catch (error) {
      if (!this.#isClosed) await this.#refuse(request, asGatewayError(error));
    }
  }

  #undecidable({ request, tool }: HeldCall, why: GatewayError | string): void {
    const refusal = why instanceof GatewayError
      ? why
      : this.#refusalOf(tool, `as ${why}`);
    void this.#refuse(request, refusal);
  }

  #refusalOf(tool: Offer, why: string): GatewayError {
    const decision = this.#permissions.decide(tool);
    const unknown = `whether it only reads is not known, ${why}`;
    return this.#permissions.refusal(tool, decision, unknown);
  }

  /** Answers a message that is not handed on. */
  #refuse(envelope: Envelope, refusal: GatewayError): Promise<void> {
    const { kind, id } = envelope.head;
    this.#logRefusal(envelope.head, refusal);
    if (kind === "notification" || id === null) return Promise.resolve();
    const answer = refusalAs(id as RequestId, refusal);
    if (kind === "response") return this.#inner.send(answer);
    void this.#out.put(answer);
    return Promise.resolve();
  }

  async #read(): Promise<void> {
    try {
      for await (const envelope of this.#inner) {
        const outward = this.#outward(envelope);
        if (!outward || this.#out.offer(outward)) continue;
        await this.#out.put(outward);
      }
      this.#out.end();
    } catch (error) {
      this.#out.end(asGatewayError(error));
    }
    this.#undecided.drop();
  }

  /** What the client is to hear of what the server says. */
  #outward(envelope: Envelope): Envelope | undefined {
    const { kind, id, method } = envelope.head;
    if (kind === "response") {
      if (id === null || id === undefined) return envelope;
      if (this.#undecided.answered(envelope)) return undefined;
      return this.#sifted(envelope, id);
    }
    if (method === TOOLS_CHANGED) this.#hints.forget();
    const isUpdate = kind === "notification" && method === RESOURCE_UPDATED;
    if (!isUpdate || this.#isOfVisible(envelope)) return envelope;
    const reason = "the resource is hidden from the token";
    this.#log.debug("Message dropped", { from: "backend", method, reason });
    return undefined;
  }

  #sifted(answer: Envelope, id: RequestId): Envelope {
    const age = this.#lists.answered(id);
    if (age === undefined || answer.head.failed) return answer;
    const { restricted } = this.#permissions;
    try {
      if (age === this.#hints.age) this.#overhear(answer);
      return visibleOffers(
        answer,
        restricted,
        (offer, hint) => this.#permissions.shows(offer, hint),
      );
    } catch (cause) {
      const message = `Server "${this.#server}" answered with what is no list`;
      const failure = new GatewayError("backend_protocol", message, { cause });
      return Envelope.failure(id, failure);
    }
  }

  #overhear(answer: Envelope): void {
    const { tools } = (answer.message().result ?? {}) as {
      readonly tools?: unknown;
    };
    if (tools !== undefined) this.#hints.learn(toolsIn(answer));
  }

  #isOfVisible(envelope: Envelope): boolean {
    if (!this.#permissions.restricted.has("resource")) return true;
    const name = envelope.message().params?.uri;
    return isName(name) &&
      this.#permissions.decide({ kind: "resource", name }).allowed;
  }

  #logRefusal({ kind, method }: Head, refusal: GatewayError): void {
    const { fault, summary, fields, cause } = refusal;
    const isPolicy = fault === "not_permitted" ||
      fault === "insufficient_scope";
    const why = isPolicy ? {} : { fault, reason: summary };
    const line = { kind, method, ...why, ...fields };
    if (fault !== "internal") return this.#log.warn("Message refused", line);
    this.#log.error("Message refused", { ...line, ...errorFields(cause) });
  }
}
