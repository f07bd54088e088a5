// What clients get for calls that wait for them, and come back with.

import { GatewayError } from "../../errors.ts";
import type { Principal } from "../../principal.ts";
import type { BridgedRequest } from "./bridged_request.ts";
import type { Asker } from "./asker.ts";
import type { Parked, ParkingLot } from "./parking_lot.ts";
import type { InputResponses } from "./questions.ts";
import type { Standing } from "./standing.ts";

/** What waits for a client to come back. */
export interface Resumable extends Parked {
  /** By which rules it was begun; absent where nothing is under way. */
  readonly standing?: Standing;
  /** Goes on for the exchange that has come back, with its answers. */
  resume(asker: Asker, responses: InputResponses): void;
}

/** A ticket with the text that stands for it. */
export interface Ticket {
  readonly ticket: string;
  /** `requestState` for the client. */
  readonly state: string;
}

/** The tickets of one server; they are good, too, when it is configured in another way. */
export class Tickets {
  readonly #server: string;
  readonly #lot: ParkingLot<Resumable>;

  constructor(server: string, lot: ParkingLot<Resumable>) {
    this.#server = server;
    this.#lot = lot;
  }

  /** Parks something until the same request comes with its state. Throws `overloaded`. */
  give(parked: Resumable, request: BridgedRequest): Ticket {
    const { owner } = parked;
    const expiresAt = Date.now() + this.#lot.waitMs;
    const ticket = this.#lot.park(parked);
    const binding = { owner, server: this.#server, request };
    const state = this.#lot.states.seal({ ticket, expiresAt }, binding);
    return { ticket, state };
  }

  /** Takes what a request has the state of, once. Throws `invalid_state`, whatever is wrong with it. */
  redeem(request: BridgedRequest, owner: Principal): Resumable {
    const { requestState } = request.params;
    const binding = { owner, server: this.#server, request };
    const state = typeof requestState === "string"
      ? this.#lot.states.open(requestState, binding)
      : undefined;
    const isGood = state !== undefined && state.expiresAt > Date.now() &&
      this.#lot.at(state.ticket)?.standing?.holds !== false;
    const parked = isGood && this.#lot.take(state.ticket);
    if (parked) return parked;
    throw new GatewayError(
      "invalid_state",
      "The requestState was not given out for this request, was used " +
        "before, or has expired",
      { hint: "Send the request without it to begin anew" },
    );
  }

  /** Nobody is to come for it any more. */
  forget(ticket: string): void {
    this.#lot.take(ticket);
  }
}
