// Tries to get into the session of another token: to whom it does not belong, it does not exist.

import { Exchange } from "../wire/exchange.ts";
import { headersOf } from "./session.ts";
import type { SoakToken } from "../servers/servers.ts";
import type { Reachable } from "./strangers.ts";
import type { World } from "../world.ts";

const PING = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" });
const NOT_FOUND = 404;
/** The reserved server does not even say that. */
const UNAUTHORIZED = 401;

/** Tries every way there is; each must be answered with 404. */
export async function intrude(token: SoakToken, world: World): Promise<void> {
  const stranger = world.strangers.notOf(token.name);
  if (!stranger) return;
  for (const method of waysInto(stranger)) {
    const status = await attempt(method, stranger, token, world);
    world.findings.count("intrusions tried");
    if (status === NOT_FOUND || status === UNAUTHORIZED) continue;
    world.findings.fail(
      "wrong answer",
      `token ${token.name} got ${status} to ${method} in a session of token ${stranger.token}`,
    );
  }
}

function waysInto({ transport }: Reachable): readonly string[] {
  return transport === "sse" ? ["POST"] : ["POST", "GET", "DELETE"];
}

async function attempt(
  method: string,
  { id, server, transport }: Reachable,
  token: SoakToken,
  world: World,
): Promise<number> {
  const headers: Record<string, string> = {
    ...headersOf(token),
    accept: "application/json, text/event-stream",
    "content-type": "application/json",
    "last-event-id": "s1_0",
  };
  if (transport !== "sse") headers["mcp-session-id"] = id;
  const path = transport === "sse"
    ? `/${server}/messages?sessionId=${id}`
    : `/${server}/mcp`;
  const body = method === "POST" ? PING : undefined;
  const exchange = new Exchange(world.address, { method, path, headers, body });
  const { status } = await exchange.head();
  exchange.leave();
  return status;
}
