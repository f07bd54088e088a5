// Of what a server says: the answers, for the one who waits, and the notifications, counted.

import type { Buffer } from "node:buffer";

const NOTIFICATION = '"method":"notifications/';
/** Within this many bytes it shows whether a message is an answer. */
const HEAD_BYTES = 60;

/** Whether a message is a notification, whatever the order of its first two members. */
export function isNotification(data: Buffer): boolean {
  return data.toString("latin1", 0, HEAD_BYTES).includes(NOTIFICATION);
}

/** What comes on a stream that outlives its calls. */
export class Answers {
  #next = Promise.withResolvers<Buffer>();
  /** How many came since `next()` was called. */
  notifications = 0;

  /** The next message that is no notification. */
  next(): Promise<Buffer> {
    this.#next = Promise.withResolvers();
    this.notifications = 0;
    return this.#next.promise;
  }

  /** Takes a message. */
  take(data: Buffer): void {
    if (isNotification(data)) this.notifications++;
    else this.#next.resolve(data);
  }
}
