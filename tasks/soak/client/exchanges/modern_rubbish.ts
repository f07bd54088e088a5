// Sends requests of the modern era as no client should, and checks what they get.

import { Exchange } from "../../wire/exchange.ts";
import { MODERN_RUBBISH } from "../../plan/rubbish.ts";
import type { ModernRubbish } from "../../plan/rubbish.ts";
import { isExcused } from "../perform.ts";
import { headersOf } from "../session.ts";
import type { SoakSession } from "../session.ts";
import type { World } from "../../world.ts";
import { described, META, repeating } from "./envelope.ts";

/** A call that would be in order. */
const CALL = described(
  {
    id: 1,
    method: "tools/call",
    params: { name: "whoami", arguments: { nonce: "rubbish/1", text: "" } },
  },
  "rubbish",
  {},
);
const HEADERS = repeating(CALL);
const PING = described({ id: 1, method: "ping" }, "rubbish", {});
const LATER = "2099-01-01";
const EARLIER = "2025-11-25";
const FORGED = { requestState: "A".repeat(120) };

/** What is posted, by the name of its kind. */
const RUBBISH_OF: Readonly<
  Record<ModernRubbish, { readonly headers: object; readonly body: object }>
> = {
  "no Mcp-Method": withHeaders({ "mcp-method": undefined }),
  "another Mcp-Method": withHeaders({ "mcp-method": "tools/list" }),
  "no Mcp-Name": withHeaders({ "mcp-name": undefined }),
  "another Mcp-Name": withHeaders({ "mcp-name": "echo" }),
  "an Mcp-Name that cannot be read": withHeaders({
    "mcp-name": "=?base64?%%%?=",
  }),
  "no revision in the header": withHeaders({
    "mcp-protocol-version": undefined,
  }),
  "another revision in the header": withHeaders({
    "mcp-protocol-version": EARLIER,
  }),
  "an unknown modern revision": {
    headers: { ...HEADERS, "mcp-protocol-version": LATER },
    body: withMeta({ [META.revision]: LATER }),
  },
  "no _meta": { headers: HEADERS, body: withParams({ _meta: undefined }) },
  "no capabilities": {
    headers: HEADERS,
    body: withMeta({ [META.capabilities]: undefined }),
  },
  "an unknown log level": {
    headers: HEADERS,
    body: withMeta({ [META.level]: "loud" }),
  },
  "a method of the other era": { headers: repeating(PING), body: PING },
  "a modern batch": { headers: HEADERS, body: [CALL] },
  "a forged state": {
    headers: HEADERS,
    body: withParams({ ...FORGED, inputResponses: {} }),
  },
  "answers that are none": {
    headers: HEADERS,
    body: withParams({ ...FORGED, inputResponses: [1] }),
  },
};

function withHeaders(changes: Readonly<Record<string, string | undefined>>) {
  return { headers: { ...HEADERS, ...changes }, body: CALL };
}

function withParams(changes: object): object {
  return { ...CALL, params: { ...CALL.params, ...changes } };
}

function withMeta(changes: object): object {
  const _meta = CALL.params._meta as object;
  return withParams({ _meta: { ..._meta, ...changes } });
}

/** Whether a kind is one of these. */
export function isModern(rubbish: string): rubbish is ModernRubbish {
  return rubbish in MODERN_RUBBISH;
}

/** Sends one piece. */
export async function sendModernRubbish(
  rubbish: ModernRubbish,
  session: SoakSession,
  world: World,
): Promise<void> {
  const { server, token, described: who } = session;
  const { headers, body } = RUBBISH_OF[rubbish];
  const exchange = new Exchange(world.address, {
    method: "POST",
    path: `/${server.name}/mcp`,
    headers: { ...headersOf(token), ...headers },
    body: JSON.stringify(body),
  });
  const { status } = await exchange.head();
  const text = await exchange.text();
  const [rightStatus, rightCode] = MODERN_RUBBISH[rubbish];
  const isLimit = status === 429 || status === 503;
  if (isLimit || world.signal.aborted) return;
  const code = /"code":(-?\d+)/.exec(text)?.[1];
  if (status === rightStatus && code === String(rightCode)) return;
  // Some of it a modern server itself has to refuse, and it may be down.
  if (text.includes('"fault":"backend_') && isExcused(session, world)) return;
  const told = `${who} got ${status} to rubbish (${rubbish}): ${text}`;
  world.findings.fail("unexpected refusal", told);
}
