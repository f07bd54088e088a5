// The gateway's own question which tools a server has.

import { randomUUID } from "node:crypto";
import { Envelope } from "../channel/envelope.ts";
import { GatewayError } from "../errors.ts";
import { METHODS } from "../protocol/methods.ts";
import { toolsIn } from "./offer_lists.ts";
import { OwnRequests } from "./own_requests.ts";

/** How far the gateway reads a list of tools before it gives up. */
export interface ListingBounds {
  readonly pages: number;
  /** From the first question to the last answer; a server may have to be started for it. */
  readonly ms: number;
}

/** What holds for every server. */
export const LISTING_BOUNDS: ListingBounds = { pages: 100, ms: 30_000 };

/** What is to be done after a page. */
export type Verdict = "enough" | "next" | "anew";

/** See `descriptionIn`. */
type Description = Readonly<Record<string, unknown>>;

type OnPage = (tools: readonly unknown[]) => Promise<Verdict>;

/** One list is read at a time; the client does not see any of it. */
export class OwnListing {
  readonly #server: string;
  readonly #send: (envelope: Envelope) => Promise<void>;
  readonly #bounds: ListingBounds;
  readonly #own = new OwnRequests();
  /** No id of the client's can begin like it. */
  readonly #prefix = `mcp-front-${randomUUID()}-`;
  #count = 0;
  #isLate = false;

  constructor(
    server: string,
    send: (envelope: Envelope) => Promise<void>,
    bounds: ListingBounds,
  ) {
    this.#server = server;
    this.#send = send;
    this.#bounds = bounds;
  }

  /** Takes an answer, also one that comes too late; `false` when it is to a request of the client. */
  answered(envelope: Envelope): boolean {
    const { id } = envelope.head;
    if (typeof id !== "string" || !id.startsWith(this.#prefix)) return false;
    this.#own.answered(envelope);
    return true;
  }

  /** No answers will come any more. */
  giveUp(reason: Error): void {
    this.#own.giveUp(reason);
  }

  /**
   * Reads page by page until `onPage` has enough, and then resolves to nothing; otherwise to
   * why there is no more: the fault of the backend, or in words. Never rejects. To a server of
   * the modern era it describes itself as the request does on whose behalf it asks.
   */
  async read(
    onPage: OnPage,
    description?: Description,
  ): Promise<GatewayError | string | undefined> {
    const { ms } = this.#bounds;
    const late = `the server did not list its tools within ${ms / 1_000} s`;
    this.#isLate = false;
    const timer = setTimeout(() => {
      this.#isLate = true;
      this.#own.giveUp(new Error(late));
    }, ms);
    try {
      return await this.#readPages(onPage, description);
    } catch (error) {
      if (this.#isLate) return late;
      return error instanceof GatewayError
        ? error
        : "the server did not list its tools";
    } finally {
      clearTimeout(timer);
    }
  }

  async #readPages(
    onPage: OnPage,
    description: Description | undefined,
  ): Promise<GatewayError | string | undefined> {
    const about = description && { _meta: description };
    let cursor: unknown;
    for (let page = 0; page < this.#bounds.pages; page++) {
      const place = cursor === undefined ? {} : { cursor };
      const answer = await this.#ask({ ...place, ...about });
      if (answer.tells) return answer.tells;
      if (answer.head.failed) {
        const code = Number(answer.message().error?.code);
        return `the server answered tools/list with error ${code}`;
      }
      const verdict = await onPage(toolsIn(answer));
      if (verdict === "enough") return undefined;
      cursor = verdict === "anew" ? undefined : cursorIn(answer);
      if (verdict === "next" && cursor === undefined) {
        return "the server lists no tool of this name";
      }
    }
    return `the server lists its tools on more than ${this.#bounds.pages} pages`;
  }

  async #ask(params: Readonly<Record<string, unknown>>): Promise<Envelope> {
    if (this.#isLate) throw new Error("too late");
    const id = `${this.#prefix}${++this.#count}`;
    const method = "tools/list";
    const request = Envelope.of({ jsonrpc: "2.0", id, method, params });
    try {
      return await this.#own.ask(request, this.#send);
    } catch (error) {
      if (this.#isLate) this.#cancel(id);
      throw error;
    }
  }

  #cancel(requestId: string): void {
    const params = { requestId, reason: "It took too long" };
    const method = METHODS.cancelled;
    this.#send(Envelope.of({ jsonrpc: "2.0", method, params })).catch(() => {
      // The channel has ended, and with it the request: reading it tells why.
    });
  }
}

/** Where the next page begins; nothing after the last (2025-11-25 `server/utilities/pagination`). */
function cursorIn(answer: Envelope): unknown {
  const { nextCursor } = answer.message().result as {
    readonly nextCursor?: unknown;
  };
  return nextCursor ?? undefined;
}
