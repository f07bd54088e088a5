// The calls that wait for their client to come back with answers: bounded in number and time, each taken once.

import { randomUUID } from "node:crypto";
import { Deadlines } from "../../channel/deadlines.ts";
import type { Deadline } from "../../channel/deadlines.ts";
import { asGatewayError, GatewayError, RETRY_LATER } from "../../errors.ts";
import type { Principal } from "../../principal.ts";
import { ownerKey } from "./client_side.ts";
import { RequestStates } from "./request_states.ts";

/** The bounds of a lot. */
export interface ParkingBounds {
  /** How long a call waits, in milliseconds. */
  readonly waitMs: number;
  /** Calls of one principal; one more ends the oldest. */
  readonly perPrincipal: number;
  /** Calls of all. */
  readonly inAll: number;
}

/** What holds for every gateway. */
export const PARKING_BOUNDS: ParkingBounds = {
  waitMs: 10 * 60_000,
  perPrincipal: 64,
  inAll: 1_024,
};

/** What is parked. */
export interface Parked {
  readonly owner: Principal;
  /** Nobody will come for it any more; `why` as a clause. Called at most once, and not after it was taken. */
  expire(why: string): void;
}

interface Place<T> {
  readonly parked: T;
  readonly deadline: Deadline;
  readonly onRevoked: () => void;
}

/** Who a ticket is for is the matter of whoever gives it out. */
export class ParkingLot<T extends Parked = Parked> {
  /** What the tickets are sealed with. */
  readonly states = new RequestStates();
  readonly #bounds: ParkingBounds;
  readonly #deadlines = new Deadlines();
  /** By ticket. */
  readonly #places = new Map<string, Place<T>>();
  /** The tickets of each owner, the oldest first; owners without any are not listed. */
  readonly #ofOwner = new Map<string, Set<string>>();

  constructor(bounds: ParkingBounds = PARKING_BOUNDS) {
    this.#bounds = bounds;
  }

  /** How many calls wait. */
  get size(): number {
    return this.#places.size;
  }

  /** How long each waits, in milliseconds. */
  get waitMs(): number {
    return this.#bounds.waitMs;
  }

  /** Parks a call; returns the ticket that it is taken with. Throws `overloaded` where others fill the lot, and why its owner has no right to it any more. */
  park(parked: T): string {
    const { revoked } = parked.owner;
    if (revoked.aborted) throw asGatewayError(revoked.reason);
    this.#makeRoomFor(parked.owner);
    const ticket = randomUUID();
    const late = () => this.#expire(ticket, "it was not retried in time");
    const deadline = this.#deadlines.start(this.#bounds.waitMs, late);
    const onRevoked = () => this.#expire(ticket, "its token is not valid now");
    const { owner } = parked;
    owner.revoked.addEventListener("abort", onRevoked, { once: true });
    this.#places.set(ticket, { parked, deadline, onRevoked });
    this.#ofOwner.set(ownerKey(owner), this.#ticketsOf(owner).add(ticket));
    return ticket;
  }

  /** What is parked under a ticket, and stays there. */
  at(ticket: string): T | undefined {
    return this.#places.get(ticket)?.parked;
  }

  /** Takes a call out, which no one else can take then; nothing where it is not there, or not any more. */
  take(ticket: string): T | undefined {
    const place = this.#places.get(ticket);
    if (!place) return undefined;
    const { parked, deadline, onRevoked } = place;
    const { owner } = parked;
    this.#places.delete(ticket);
    this.#deadlines.end(deadline);
    owner.revoked.removeEventListener("abort", onRevoked);
    const tickets = this.#ticketsOf(owner);
    tickets.delete(ticket);
    if (tickets.size === 0) this.#ofOwner.delete(ownerKey(owner));
    return parked;
  }

  /** Ends the call of this owner that waits longest, if there is one. */
  expireOldestOf(owner: Principal, why: string): boolean {
    const [oldest] = this.#ticketsOf(owner);
    if (oldest === undefined) return false;
    this.#expire(oldest, why);
    return true;
  }

  /** Ends all. */
  close(): void {
    for (const ticket of [...this.#places.keys()]) {
      this.#expire(ticket, "the gateway stops");
    }
    this.#deadlines.clear();
  }

  /** No one's calls make room for those of another. */
  #makeRoomFor(owner: Principal): void {
    const { perPrincipal, inAll } = this.#bounds;
    const isFull = this.#places.size >= inAll;
    if (this.#ticketsOf(owner).size < perPrincipal && !isFull) return;
    const why = "too many calls wait for this token";
    if (!this.expireOldestOf(owner, why)) throw full(inAll);
  }

  #ticketsOf(owner: Principal): Set<string> {
    return this.#ofOwner.get(ownerKey(owner)) ?? new Set();
  }

  #expire(ticket: string, why: string): void {
    this.take(ticket)?.expire(why);
  }
}

function full(most: number): GatewayError {
  return new GatewayError(
    "overloaded",
    `${most} calls wait for answers of their clients`,
    { hint: "Try again later", headers: RETRY_LATER },
  );
}
