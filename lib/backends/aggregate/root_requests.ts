// What becomes of a client's requests at the root: answered for all servers, or passed on to the one they are for.

import { Envelope } from "../../channel/envelope.ts";
import type { Memory } from "../../channel/memory.ts";
import { replacedMembers } from "../../channel/replaced_members.ts";
import { within } from "../../channel/within.ts";
import type { GatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import { idKey } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { background } from "../../telemetry/background.ts";
import type { Log } from "../../telemetry/log.ts";
import { STATE_METHODS } from "../agreement.ts";
import { OFFER_LISTS } from "../offer_list.ts";
import type { Handshake } from "./company.ts";
import type { Finder } from "./finder.ts";
import type { Listing } from "./listing.ts";
import type { LogLevel } from "./log_level.ts";
import type { Member } from "./member.ts";
import { isNaming, namedIn } from "./named.ts";
import type { Named } from "./named.ts";
import type { Target } from "./naming.ts";
import { nameless, noOne, notHere, tooMuch, tooSoon } from "./refusals.ts";
import type { Register } from "./register.ts";
import type { Subscriptions } from "./subscriptions.ts";
import { welcome } from "./welcome.ts";

/** How long `initialize` waits for what the servers say of themselves. */
export const WELCOME_LIMIT_MS = 2_000;

/** The session whose requests they are. */
export interface RootSession {
  /** In the order of the file. */
  readonly members: readonly Member[];
  readonly register: Register;
  readonly listing: Listing;
  readonly finder: Finder;
  readonly level: LogLevel;
  readonly subscriptions: Subscriptions;
  /** How the gateway is shown to people. */
  readonly title: string;
  readonly log: Log;
  readonly memory: Memory;
  readonly handshake: Handshake;
  /** Takes a message for the client. */
  tell(envelope: Envelope): Promise<unknown> | undefined;
}

/** The requests of one session. */
export class RootRequests {
  readonly #session: RootSession;
  /** Those that no server has, by their keys. One that is cancelled is not there any more, also where its id is used again. */
  readonly #open = new Map<string, Envelope>();

  constructor(session: RootSession) {
    this.#session = session;
  }

  /** Takes one; each is answered, if need be with an error. */
  take(request: Envelope): void {
    const { members, handshake, listing, level, register } = this.#session;
    const method = request.head.method as string;
    if (method === METHODS.initialize) return this.#begin(request);
    if (!handshake.params) return this.#refuse(request, tooSoon());
    const list = OFFER_LISTS.get(method);
    if (list) return this.#answer(request, listing.answer(request, list));
    if (method === STATE_METHODS.setLevel) {
      return this.#answer(request, level.set(request, members));
    }
    if (!isNaming(method)) return this.#refuse(request, notHere(method));
    const named = namedIn(request);
    if (!named) return this.#refuse(request, nameless(method));
    const target = register.find(named);
    if (target) return this.#pass(request, named, target);
    this.#open.set(keyOf(request), request);
    const found = this.#find(request, named);
    background(this.#session.log, "Finding a server", found);
  }

  /** One is cancelled that no server has. */
  cancel(id: RequestId): void {
    this.#open.delete(idKey(id));
  }

  /** The member that what is named is known to belong to. */
  memberFor(named: Named): Member | undefined {
    return this.#memberOf(this.#session.register.find(named));
  }

  #begin(request: Envelope): void {
    const { members, title } = this.#session;
    const started = Promise.all(members.map((member) => member.start()));
    const welcomed = within(started, WELCOME_LIMIT_MS)
      .then(() => welcome(request, title, members));
    this.#answer(request, welcomed);
  }

  /** Asks who offers what a request names. */
  async #find(request: Envelope, named: Named): Promise<void> {
    const { finder, members, subscriptions } = this.#session;
    const target = await finder.find(named);
    if (!this.#close(request)) return;
    if (target) return this.#pass(request, named, target);
    const mayCome = members.some(({ ready }) => !ready);
    const answer = mayCome ? subscriptions.answer(request, named) : undefined;
    if (answer) await this.#session.tell(answer);
    else this.#refuse(request, noOne(named));
  }

  #pass(request: Envelope, named: Named, target: Target): void {
    const member = this.#memberOf(target);
    if (!member) return this.#refuse(request, noOne(named));
    this.#session.subscriptions.passed(request, named, member.name);
    if (target.own === named.name) return member.send(request);
    const json = JSON.stringify(target.own);
    member.send(replacedMembers(request, [{ path: named.path, json }]));
  }

  #memberOf(target: Target | undefined): Member | undefined {
    const { members } = this.#session;
    return members.find(({ name }) => name === target?.server);
  }

  #answer(request: Envelope, work: Promise<Envelope>): void {
    this.#open.set(keyOf(request), request);
    const told = work.then((answer) => this.#tell(request, answer));
    background(this.#session.log, "Answering for all servers", told);
  }

  /** A client that does not read is told no more than its session may hold. */
  async #tell(request: Envelope, answer: Envelope): Promise<void> {
    const { memory } = this.#session;
    if (!this.#close(request)) return;
    if (memory.full) return this.#refuse(request, tooMuch());
    const { length } = answer.bytes;
    memory.add(length);
    try {
      await this.#session.tell(answer);
    } finally {
      memory.add(-length);
    }
  }

  /** `false` where it was cancelled meanwhile. */
  #close(request: Envelope): boolean {
    const key = keyOf(request);
    return this.#open.get(key) === request && this.#open.delete(key);
  }

  #refuse(request: Envelope, reason: GatewayError): void {
    const id = request.head.id as RequestId;
    void this.#session.tell(Envelope.failure(id, reason));
  }
}

function keyOf({ head }: Envelope): string {
  return idKey(head.id as RequestId);
}
