// How much of what clients post is read at a time: a body that is not complete is in nobody's session yet.

import { GatewayError, RETRY_SOON } from "../errors.ts";
import type { Principal } from "../principal.ts";
import { readPosted } from "./posted_body.ts";
import type { PostedBody } from "./posted_body.ts";

/** How much of one token is read at a time, in messages of the largest size. */
export const MESSAGES_AT_ONCE = 4;
/** Where messages are small there may be many. */
const LEAST_BYTES = 16 * 1024 * 1024;

/** The bodies that are being read, by the tokens they come with. */
export class PostedBodies {
  /** Of one message. */
  maxBytes: number;
  /** In bytes; tokens without any are not listed. */
  readonly #underWay = new Map<string, number>();

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** Reads one. Throws as `readPosted()`, and `overloaded` when too much of this token is being read. */
  async read(request: Request, { id }: Principal): Promise<PostedBody> {
    let taken = 0;
    const take = (bytes: number) => {
      this.#take(id, bytes);
      taken += bytes;
    };
    try {
      return await readPosted(request, this.maxBytes, take);
    } finally {
      this.#giveBack(id, taken);
    }
  }

  #take(token: string, bytes: number): void {
    const sum = (this.#underWay.get(token) ?? 0) + bytes;
    const most = Math.max(LEAST_BYTES, MESSAGES_AT_ONCE * this.maxBytes);
    if (sum > most) throw tooMuch(token);
    this.#underWay.set(token, sum);
  }

  #giveBack(token: string, bytes: number): void {
    const left = (this.#underWay.get(token) ?? 0) - bytes;
    if (left > 0) this.#underWay.set(token, left);
    else this.#underWay.delete(token);
  }
}

function tooMuch(token: string): GatewayError {
  return new GatewayError(
    "overloaded",
    `The token "${token}" is sending too much at once`,
    {
      hint: "Wait until large messages were taken before sending more",
      headers: RETRY_SOON,
      fields: { limit: "clientMessage" },
    },
  );
}
