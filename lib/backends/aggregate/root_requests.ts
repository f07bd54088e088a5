// What becomes of a client's requests at the root: answered for all servers, or passed on to the one they are for.

import { Envelope } from "../../channel/envelope.ts";
import { replacedMembers } from "../../channel/replaced_members.ts";
import { within } from "../../channel/within.ts";
import type { GatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import { idKey } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/messages.ts";
import { background } from "../../telemetry/background.ts";
import type { Log } from "../../telemetry/log.ts";
import { STATE_METHODS } from "../agreement.ts";
import { ownNotice } from "../own_messages.ts";
import type { Handshake } from "./company.ts";
import { EarlySubscriptions } from "./early_subscriptions.ts";
import { Finder } from "./finder.ts";
import { Inquiry } from "./inquiry.ts";
import { Listing } from "./listing.ts";
import { LogLevel } from "./log_level.ts";
import type { Member } from "./member.ts";
import type { Target } from "./naming.ts";
import { OFFER_LISTS } from "../offer_list.ts";
import { namedIn } from "./named.ts";
import type { OfferList } from "../offer_list.ts";
import type { Named } from "./named.ts";
import { noOne, notHere, tooSoon } from "./refusals.ts";
import type { Register } from "./register.ts";
import { welcome } from "./welcome.ts";

/** How long `initialize` waits for what the servers say of themselves. */
export const WELCOME_LIMIT_MS = 2_000;

/** The session whose requests they are. */
export interface RootSession {
  /** In the order of the file. */
  readonly members: readonly Member[];
  readonly register: Register;
  /** How the gateway is shown to people. */
  readonly title: string;
  readonly log: Log;
  readonly handshake: Handshake;
  /** Takes a message for the client. */
  tell(envelope: Envelope): Promise<unknown> | undefined;
}

/** The requests of one session. */
export class RootRequests {
  readonly #session: RootSession;
  readonly #inquiry = new Inquiry((list) => this.#tellOfChange(list));
  readonly #listing: Listing;
  readonly #finder: Finder;
  readonly #level: LogLevel;
  readonly #early: EarlySubscriptions;
  /** Those for which it is being found out whom they are for, by their keys. */
  readonly #unplaced = new Set<string>();

  constructor(session: RootSession) {
    const { register, log } = session;
    this.#session = session;
    this.#listing = new Listing(session, this.#inquiry);
    this.#finder = new Finder(register, this.#listing);
    this.#level = new LogLevel(log);
    this.#early = new EarlySubscriptions(this.#finder);
  }

  /** Takes one; each is answered, if need be with an error. Never rejects. */
  async take(request: Envelope): Promise<void> {
    const { members, handshake } = this.#session;
    const { method } = request.head;
    if (method === METHODS.initialize) return this.#begin(request);
    if (!handshake.params) return this.#refuse(request, tooSoon());
    const list = OFFER_LISTS.get(method as string);
    if (list) return this.#answer(this.#listing.answer(request, list));
    if (method === STATE_METHODS.setLevel) {
      return this.#answer(this.#level.set(request, members));
    }
    const named = namedIn(request);
    if (!named) return this.#refuse(request, notHere(method as string));
    const target = this.#finder.known(named);
    if (target) return await this.#pass(request, named, target);
    background(
      this.#session.log,
      "Finding a server",
      this.#find(request, named),
    );
  }

  /** One is cancelled that was not passed on. */
  cancel(id: RequestId): void {
    this.#unplaced.delete(idKey(id));
  }

  /** The member that what is named is known to belong to. */
  memberFor(named: Named): Member | undefined {
    const { members, register } = this.#session;
    const target = register.find(named);
    return members.find(({ name }) => name === target?.server);
  }

  /** A server has begun to work. */
  ready(member: Member): void {
    this.listsChanged();
    this.#level.ready(member);
    const subscribed = this.#early.ready(member);
    background(this.#session.log, "Subscribing late", subscribed);
    this.#inquiry.ready(member);
  }

  /** A server's lists are other ones now. */
  listsChanged(): void {
    this.#finder.forget();
  }

  #begin(request: Envelope): void {
    const { members, title } = this.#session;
    const started = Promise.all(members.map((member) => member.start()));
    this.#answer(
      within(started, WELCOME_LIMIT_MS).then(() =>
        welcome(request, title, members)
      ),
    );
  }

  /** Asks who offers what a request names. */
  async #find(request: Envelope, named: Named): Promise<void> {
    const key = idKey(request.head.id as RequestId);
    this.#unplaced.add(key);
    const target = await this.#finder.find(named);
    // It may have been cancelled meanwhile.
    if (!this.#unplaced.delete(key)) return;
    if (target) return await this.#pass(request, named, target);
    const mayCome = this.#session.members.some(({ ready }) => !ready);
    const answer = mayCome ? this.#early.answer(request, named) : undefined;
    if (answer) await this.#session.tell(answer);
    else this.#refuse(request, noOne(named));
  }

  async #pass(request: Envelope, named: Named, target: Target): Promise<void> {
    const { members } = this.#session;
    const member = members.find(({ name }) => name === target.server);
    if (!member) return this.#refuse(request, noOne(named));
    if (target.own === named.name) return await member.send(request);
    const json = JSON.stringify(target.own);
    const own = replacedMembers(request, [{ path: named.path, json }]);
    await member.send(own);
  }

  #answer(work: Promise<Envelope>): void {
    const told = work.then(async (answer) => {
      await this.#session.tell(answer);
    });
    background(this.#session.log, "Answering for all servers", told);
  }

  #refuse(request: Envelope, reason: GatewayError): void {
    const id = request.head.id as RequestId;
    void this.#session.tell(Envelope.failure(id, reason));
  }

  #tellOfChange({ capability }: OfferList): void {
    const notice = ownNotice(`notifications/${capability}/list_changed`);
    void this.#session.tell(notice);
  }
}
