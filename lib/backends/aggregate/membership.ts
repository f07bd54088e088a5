// Which servers a root session has: those that there are and that the token may use, as both change.

import type { Backend } from "../../backend.ts";
import type { Principal } from "../../principal.ts";
import { lostServer } from "../lost_server.ts";
import type { Roster } from "../roster.ts";
import type { Member } from "./member.ts";
import { removed } from "./refusals.ts";

/** What a membership needs of its session. */
export interface MembershipOptions {
  readonly roster: Roster;
  readonly principal: Principal;
  /** Makes a member. */
  join(backend: Backend): Member;
  /** A member is there that was not before. */
  onJoined(member: Member): unknown;
  /** A member is not there any more. */
  onLeft(member: Member): void;
}

/** The members of one session; it owns them. A server of which the configuration changed stays as it is. */
export class Membership {
  /** In the order of the file. The array stays the same one. */
  readonly members: readonly Member[];
  readonly #members: Member[];
  readonly #options: MembershipOptions;
  readonly #unwatch: () => void;
  #leaving: Promise<unknown> = Promise.resolve();

  constructor(options: MembershipOptions) {
    const { roster, principal } = options;
    this.#options = options;
    this.#members = roster.usableBy(principal).map((one) => options.join(one));
    this.members = this.#members;
    this.#unwatch = principal.watch(() => this.#review());
  }

  /** Ends all. Resolves when nothing is left of them. */
  async close(reason?: Error): Promise<void> {
    this.#unwatch();
    const closed = this.#members.map((member) => member.close(reason));
    await Promise.all([...closed, this.#leaving]);
  }

  #review(): void {
    const { roster, principal, join, onJoined, onLeft } = this.#options;
    const usable = roster.usableBy(principal);
    const before = new Map(this.#members.map((one) => [one.name, one]));
    const now = usable.map((one) => before.get(one.name) ?? join(one));
    this.#members.splice(0, Infinity, ...now);
    for (const member of before.values()) {
      if (now.includes(member)) continue;
      onLeft(member);
      this.#dismiss(member);
    }
    for (const member of now) {
      if (before.get(member.name) !== member) onJoined(member);
    }
  }

  #dismiss(member: Member): void {
    const { roster, principal } = this.#options;
    const { name: server } = member;
    const lost = roster.has(server) && lostServer(server, principal);
    const left = member.dismiss(lost || removed(server));
    this.#leaving = Promise.all([this.#leaving, left]);
  }
}
