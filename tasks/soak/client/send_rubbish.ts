// Sends what no client should, and checks what it gets for it.

import { connect } from "node:net";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Exchange } from "../wire/exchange.ts";
import type { Asked } from "../wire/exchange.ts";
import { RUBBISH } from "../plan/rubbish.ts";
import type { ModernRubbish, Rubbish } from "../plan/rubbish.ts";
import { isModern, sendModernRubbish } from "./exchanges/modern_rubbish.ts";
import { headersOf } from "./session.ts";
import type { SoakSession } from "./session.ts";
import type { SoakToken } from "../servers/servers.ts";
import type { World } from "../world.ts";

/** Long enough for any token; the log must not show it either. */
export const WRONG_TOKEN = "no-token-of-this-gateway-at-all";

const HUGE_HEADER = "x".repeat(70_000);
const HUGE_BODY_BYTES = 100_000_000;
const HALF_A_BODY_MS = 50;
const RAW_LIMIT_MS = 15_000;
const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
const NOT_SESSION = "A".repeat(32);

/** Sends one piece of rubbish. */
export async function sendRubbish(
  rubbish: Rubbish | ModernRubbish,
  session: SoakSession,
  world: World,
): Promise<void> {
  world.findings.count(`rubbish ${rubbish}`);
  if (isModern(rubbish)) {
    return await sendModernRubbish(rubbish, session, world);
  }
  if (rubbish === "no HTTP") return await sendNoise(world);
  const exchange = new Exchange(
    world.address,
    askedFor(rubbish, session, world),
  );
  if (rubbish === "half a body") {
    await delay(HALF_A_BODY_MS);
    return exchange.reset();
  }
  const status = await exchange.head().then((head) => head.status, () => 0);
  exchange.leave();
  const right: readonly number[] = RUBBISH[rubbish];
  if (right.includes(status)) return;
  const text = `${status} to rubbish (${rubbish}), wanted ${
    right.join(" or ")
  }`;
  world.findings.fail("unexpected refusal", text);
}

function askedFor(
  rubbish: Rubbish,
  session: SoakSession,
  { tokens }: World,
): Asked {
  const path = `/${session.server.name}/mcp`;
  const method = "POST";
  const headers: Record<string, string> = {
    ...headersOf(session.token),
    accept: "application/json, text/event-stream",
    "content-type": "application/json",
  };
  const asked = { method, path, headers, body: PING };
  const withHeaders = (more: Readonly<Record<string, string>>) => ({
    ...asked,
    headers: { ...headers, ...more },
  });
  switch (rubbish) {
    case "broken JSON":
      return { ...asked, body: '{"jsonrpc":"2.0","id":1,' };
    case "not JSON-RPC":
      return { ...asked, body: '{"id":1}' };
    case "wrong content type":
      return withHeaders({ "content-type": "text/plain" });
    case "no token":
      return withHeaders({ authorization: "" });
    case "wrong token":
      return withHeaders({ authorization: `Bearer ${WRONG_TOKEN}` });
    case "token in the query": {
      const query = `?token=${session.token.value}`;
      return { ...withHeaders({ authorization: "" }), path: path + query };
    }
    case "reserved server": {
      const other = headersOf(tokens[1] as SoakToken);
      return { ...withHeaders(other), path: "/reserved/mcp" };
    }
    case "unknown server":
      return { ...asked, path: "/nobody/mcp" };
    case "unknown path":
      return { ...asked, path: `/${session.server.name}/nothing` };
    case "unknown session":
      return withHeaders({ "mcp-session-id": NOT_SESSION });
    case "unknown revision":
      return withHeaders({ "mcp-protocol-version": "1999-12-31" });
    case "batch":
      return { ...asked, body: `[${PING}]` };
    case "other method":
      return { ...asked, method: "PUT" };
    case "huge header":
      return withHeaders({ "x-huge": HUGE_HEADER });
    case "huge body":
    case "half a body": {
      const bytes = rubbish === "huge body" ? HUGE_BODY_BYTES : 1_000;
      return withHeaders({ "content-length": String(bytes) });
    }
    case "wrong accept":
      return { ...withHeaders({ accept: "text/html" }), body: INITIALIZE };
    case "wrong host":
      return withHeaders({ host: "elsewhere.example" });
    case "wrong origin":
      return withHeaders({ origin: "https://elsewhere.example" });
    case "no session":
    case "no HTTP":
      return asked;
  }
}

const INITIALIZE = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "rubbish", version: "1" },
  },
});

/** Bytes that are no request: the gateway closes the connection, with or without an answer. */
async function sendNoise({ address, findings }: World): Promise<void> {
  const socket = connect(address);
  socket.on("error", () => {
    // A reset is as good as an end.
  });
  const closed = once(socket, "close");
  socket.write("\x16\x03\x01 this is no HTTP \r\n\r\n");
  socket.on("end", () => socket.destroy()).resume();
  const isClosed = await Promise.race([
    closed.then(() => true),
    delay(RAW_LIMIT_MS, false),
  ]);
  socket.destroy();
  if (!isClosed) findings.fail("unexpected refusal", "noise was not refused");
}
