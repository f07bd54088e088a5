// Calls that are held back until the server has said whether their tools only read.

import type { OpenContext } from "../backend.ts";
import type { Channel } from "../channel/channel.ts";
import type { Envelope } from "../channel/envelope.ts";
import { GatewayError } from "../errors.ts";
import type { RequestId } from "../protocol/messages.ts";
import { descriptionIn } from "./description.ts";
import { HeldCalls } from "./held_calls.ts";
import type { HeldCall } from "./held_calls.ts";
import { OwnListing } from "./own_listing.ts";
import type { ListingBounds, Verdict } from "./own_listing.ts";
import type { ToolHints } from "./tool_hints.ts";

/** What calls are held by, and who goes on with them. Neither of the two rejects. */
export interface UndecidedOptions {
  readonly server: string;
  readonly inner: Channel;
  readonly context: OpenContext;
  readonly bounds: ListingBounds;
  readonly hints: ToolHints;
  /** Takes a call whose tool is known now. */
  decided(call: HeldCall): Promise<void>;
  /** Takes a call whose tool will not be known, with the fault that is in the way or why in words. */
  undecidable(call: HeldCall, why: GatewayError | string): void;
}

/** All that wait share one question to the server, page by page. */
export class UndecidedCalls {
  readonly #options: UndecidedOptions;
  readonly #held: HeldCalls;
  readonly #listing: OwnListing;
  #isListing = false;

  constructor(options: UndecidedOptions) {
    const { server, inner, bounds, context: { limits, memory } } = options;
    this.#options = options;
    this.#held = new HeldCalls(limits.streamBytes, memory);
    const send = (envelope: Envelope) => inner.send(envelope);
    this.#listing = new OwnListing(server, send, bounds);
  }

  /** Takes a call. Throws `overloaded`. */
  hold(call: HeldCall): void {
    if (!this.#held.add(call)) {
      const { server } = this.#options;
      throw new GatewayError(
        "overloaded",
        `Too many calls wait until server "${server}" has listed its tools`,
      );
    }
    if (!this.#isListing) void this.#learn();
  }

  /** Forgets a call that the client has cancelled; `false` when it is not held. */
  cancel(id: RequestId | undefined): boolean {
    return this.#held.remove(id);
  }

  /** Takes an answer of the server; `false` when it is to a request of the client. */
  answered(envelope: Envelope): boolean {
    return this.#listing.answered(envelope);
  }

  /** The conversation has ended: whoever ends the session answers the client. */
  drop(): void {
    this.#held.drop();
    this.#listing.giveUp(new Error("The channel has ended"));
  }

  /** Asks the server until no call waits. Never rejects. */
  async #learn(): Promise<void> {
    const { hints, undecidable } = this.#options;
    this.#isListing = true;
    for (let { first } = this.#held; first; { first } = this.#held) {
      let { age } = hints;
      const description = descriptionIn(first.request);
      const missing = await this.#listing.read((tools) => {
        if (hints.age === age) return this.#learned(tools);
        age = hints.age;
        return Promise.resolve("anew");
      }, description);
      if (missing === undefined) continue;
      for (const call of this.#held.takeAll()) undecidable(call, missing);
    }
    this.#isListing = false;
  }

  async #learned(tools: readonly unknown[]): Promise<Verdict> {
    const { hints, decided } = this.#options;
    hints.learn(tools);
    const isKnown = ({ tool }: HeldCall) => hints.of(tool.name) !== undefined;
    let call = this.#held.take(isKnown);
    for (; call; call = this.#held.take(isKnown)) await decided(call);
    return this.#held.size === 0 ? "enough" : "next";
  }
}
