// One client's conversation with all servers as one: each message goes to whom it is for.

import type { Backend, BackendChannel, OpenContext } from "../../backend.ts";
import type { Envelope } from "../../channel/envelope.ts";
import type { Memory } from "../../channel/memory.ts";
import { requestIdOf } from "../../channel/named_ids.ts";
import { Pipe } from "../../channel/pipe.ts";
import { GatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import type { Message } from "../../protocol/messages.ts";
import type { Log } from "../../telemetry/log.ts";
import { dropped } from "../dropped.ts";
import { ownNotice } from "../own_messages.ts";
import type { Roster } from "../roster.ts";
import { ClientRoots, rootsCachingOf } from "./client_roots.ts";
import type { Company } from "./company.ts";
import { Finder } from "./finder.ts";
import { Inquiry } from "./inquiry.ts";
import { LatePages } from "./late_pages.ts";
import { Listing } from "./listing.ts";
import { LogLevel } from "./log_level.ts";
import { Member } from "./member.ts";
import { Membership } from "./membership.ts";
import type { Naming } from "./naming.ts";
import { namedIn } from "./named.ts";
import { Register } from "./register.ts";
import { resourceLinks } from "./resource_links.ts";
import { RootRequests } from "./root_requests.ts";
import type { RootSession } from "./root_requests.ts";
import { ServerNotices } from "./server_notices.ts";
import { Subscriptions } from "./subscriptions.ts";

/** What waits for the consumer in front of the servers' own buffers, in bytes: one message. */
const LOOKAHEAD_BYTES = 1;

const EVERYONE = "*";

const ROOTS_CHANGED = "notifications/roots/list_changed";

/** What a root session is made of. */
export interface RootOptions {
  readonly roster: Roster;
  readonly naming: Naming;
  /** How the gateway is shown to people. */
  readonly title: string;
  readonly log: Log;
}

/** See `aggregate()`. */
export class RootChannel implements BackendChannel, RootSession {
  readonly title: string;
  readonly log: Log;
  readonly memory: Memory;
  readonly register: Register;
  readonly listing: Listing;
  readonly finder: Finder;
  readonly level = new LogLevel();
  readonly subscriptions: Subscriptions;
  readonly handshake: { params: Message["params"]; initialized: boolean } = {
    params: undefined,
    initialized: false,
  };
  readonly #membership: Membership;
  readonly #inquiry: Inquiry;
  readonly #requests = new RootRequests(this);
  readonly #roots = new ClientRoots((question) => void this.tell(question));
  readonly #notices: ServerNotices;
  readonly #out: Pipe<Envelope>;
  #end?: GatewayError;

  constructor(options: RootOptions, context: OpenContext) {
    const { roster, naming, title, log } = options;
    const { principal, session, memory } = context;
    this.title = title;
    this.log = log.with({ session });
    this.memory = memory;
    this.#out = new Pipe(LOOKAHEAD_BYTES, ({ bytes }) => bytes.length, memory);
    this.register = new Register(naming, memory, this.log);
    this.#membership = new Membership({
      roster,
      principal,
      join: (backend) => this.#join(backend, context),
      onJoined: (member) => this.handshake.params && void member.start(),
      onLeft: (member) => this.#left(member),
    });
    this.#inquiry = new Inquiry(new LatePages(memory), (capability) => {
      void this.tell(ownNotice(`notifications/${capability}/list_changed`));
    });
    this.listing = new Listing(this, this.#inquiry);
    this.finder = new Finder(this, this.#inquiry);
    this.subscriptions = new Subscriptions(
      this.finder,
      this.members,
      this.log,
    );
    this.#notices = new ServerNotices(this, this.#roots);
  }

  get members(): readonly Member[] {
    return this.#membership.members;
  }

  send(envelope: Envelope): Promise<void> {
    if (this.#end) return Promise.reject(this.#end);
    const { kind } = envelope.head;
    if (kind === "request") this.#ask(envelope);
    else if (kind === "notification") this.#notify(envelope);
    else if (!this.#takesAnswer(envelope)) this.#drop(envelope);
    return Promise.resolve();
  }

  async close(reason?: Error): Promise<void> {
    this.#end ??= new GatewayError(
      "backend_unavailable",
      "The session with all servers has ended",
    );
    this.#out.drop();
    await this.#membership.close(reason);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return this.#out[Symbol.asyncIterator]();
  }

  addressee(envelope: Envelope): string {
    const named = namedIn(envelope);
    const member = named
      ? this.#requests.memberFor(named)
      : this.#cancelledAt(envelope);
    return member?.name ?? EVERYONE;
  }

  tell(envelope: Envelope): Promise<unknown> | undefined {
    return this.#out.offer(envelope) ? undefined : this.#out.put(envelope);
  }

  #join(backend: Backend, context: OpenContext): Member {
    const life = this.handshake.params ? "later" : "first";
    const company: Company = {
      context,
      log: this.log,
      handshake: this.handshake,
      tell: (envelope) => this.#tellFor(member, envelope),
      takes: (envelope) => this.#notices.takes(member, envelope),
      onReady: (life) => this.#begun(member, life),
      onRevived: () => this.#inquiry.works(member),
    };
    const member = new Member(backend, company, life);
    return member;
  }

  /** What an answer points to belongs to whoever gave it. */
  #tellFor(
    { name }: Member,
    envelope: Envelope,
  ): Promise<unknown> | undefined {
    if (envelope.head.kind === "response" && !envelope.head.failed) {
      const { resources } = this.register;
      for (const uri of resourceLinks(envelope)) resources.noteLink(uri, name);
    }
    return this.tell(envelope);
  }

  #ask(request: Envelope): void {
    if (request.head.method === METHODS.initialize) {
      this.handshake.params ??= request.message().params ?? {};
    }
    this.#requests.take(request);
  }

  #notify(notification: Envelope): void {
    switch (notification.head.method) {
      case METHODS.initialized:
        this.handshake.initialized = true;
        return this.#tellAll(notification);
      case ROOTS_CHANGED:
        this.#roots.changed();
        return this.#tellAll(notification);
      case METHODS.cancelled:
        return this.#cancel(notification);
      case METHODS.progress:
        if (this.#takesAnswer(notification)) return;
    }
    this.#drop(notification);
  }

  #cancel(notification: Envelope): void {
    const member = this.#cancelledAt(notification);
    if (member) return member.send(notification);
    const id = requestIdOf(notification);
    if (id !== undefined) this.#requests.cancel(id);
  }

  /** The member at which the request waits that a cancellation is about. */
  #cancelledAt(envelope: Envelope): Member | undefined {
    if (envelope.head.method !== METHODS.cancelled) return undefined;
    const id = requestIdOf(envelope);
    return id === undefined
      ? undefined
      : this.members.find((member) => member.has(id));
  }

  #tellAll(notification: Envelope): void {
    for (const member of this.members) member.hear(notification);
  }

  /** A server has answered `initialize`. */
  #begun(member: Member, life: "first" | "later"): void {
    this.finder.forget();
    this.level.ready(member);
    if (life === "later") {
      this.subscriptions.begun(member);
      this.#inquiry.missed(member);
    }
    this.#inquiry.works(member);
    this.subscriptions.look();
  }

  /** A server is not there any more. */
  #left(member: Member): void {
    this.finder.forget();
    this.subscriptions.begun(member);
    this.#inquiry.left(member);
    this.subscriptions.look();
  }

  /** Whether a server has asked for what the client says. */
  #takesAnswer(envelope: Envelope): boolean {
    if (envelope.head.kind === "response") {
      const caching = rootsCachingOf(this.handshake);
      if (this.#roots.takesAnswer(envelope, caching)) return true;
    }
    return this.members.some((member) => member.takesAnswer(envelope));
  }

  #drop(envelope: Envelope): void {
    const why = "no server is known that it is for";
    this.log.warn("Message dropped", dropped("client", envelope, why));
  }
}
