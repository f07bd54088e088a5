// What no client should send, and what each gets for it.

import type { Random } from "./random.ts";

/** The kinds of rubbish, each with the statuses that are right; none: the connection may just end. */
export const RUBBISH = {
  "broken JSON": [400],
  "not JSON-RPC": [400],
  "wrong content type": [415],
  "no token": [401],
  "wrong token": [401, 429],
  "token in the query": [401],
  "reserved server": [401],
  "unknown server": [404],
  "unknown path": [404],
  "unknown session": [404],
  "no session": [400],
  "unknown revision": [400],
  batch: [400],
  "other method": [405],
  "huge header": [431],
  "huge body": [413],
  "wrong accept": [406],
  "wrong host": [403],
  "wrong origin": [403],
  "half a body": [],
  "no HTTP": [],
} as const satisfies Readonly<Record<string, readonly number[]>>;

/** The name of a kind of rubbish. */
export type Rubbish = keyof typeof RUBBISH;

/** One of the kinds. */
export function planRubbish(random: Random): Rubbish {
  return random.pick(Object.keys(RUBBISH) as Rubbish[]);
}
