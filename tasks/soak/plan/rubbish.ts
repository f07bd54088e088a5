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

/** Requests of the modern era as no client should send them, each with the status and the code of the error that are right. */
export const MODERN_RUBBISH = {
  "no Mcp-Method": [400, -32020],
  "another Mcp-Method": [400, -32020],
  "no Mcp-Name": [400, -32020],
  "another Mcp-Name": [400, -32020],
  "an Mcp-Name that cannot be read": [400, -32020],
  "no revision in the header": [400, -32020],
  "another revision in the header": [400, -32020],
  "an unknown modern revision": [400, -32022],
  "no _meta": [400, -32602],
  "no capabilities": [400, -32602],
  "an unknown log level": [200, -32602],
  "a method of the other era": [404, -32601],
  "a modern batch": [400, -32600],
  "a forged state": [200, -32602],
  "answers that are none": [200, -32602],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

/** The name of a kind of rubbish. */
export type Rubbish = keyof typeof RUBBISH;
/** The name of a kind of the modern era. */
export type ModernRubbish = keyof typeof MODERN_RUBBISH;

/** One of the kinds. */
export function planRubbish(random: Random): Rubbish | ModernRubbish {
  const names = Object.keys({ ...RUBBISH, ...MODERN_RUBBISH });
  return random.pick(names as (Rubbish | ModernRubbish)[]);
}
