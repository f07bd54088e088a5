// Kills a gateway at work with SIGKILL: no child outlives it, and no client is left waiting.

import { setTimeout as delay } from "node:timers/promises";
import type { Call } from "./client/calls.ts";
import type { Address } from "./wire/exchange.ts";
import { Findings } from "./findings.ts";
import type { Gateway } from "./gateway/gateway.ts";
import { describeProcesses, leftOf } from "./gateway/leaks.ts";
import { CLIENT_KINDS } from "./client/client_kind.ts";
import type { ClientKind } from "./client/client_kind.ts";
import { openSession } from "./client/open_session.ts";
import { begin, perform } from "./client/perform.ts";
import { until } from "./quiet.ts";
import type { SoakServer, SoakToken } from "./servers/servers.ts";
import type { SoakSession } from "./client/session.ts";
import type { Site } from "./site.ts";
import { StreamableSession } from "./client/streamable_session.ts";
import type { World } from "./world.ts";

const TIMES = 3;
const CHILDREN_GONE_MS = 6_000;
const CONNECTIONS_GONE_MS = 2_000;
/** How its children are when it dies; the last one is busy. */
const TOOLS = ["echo", "deaf", "orphan", "slow"];
const SLOW_MS = 4_000;

/** Starts gateways and kills them. */
export async function dieSuddenly(
  site: Site,
  world: World,
  start: (part: number) => Promise<{ gateway: Gateway; address: Address }>,
): Promise<void> {
  for (let time = 1; time <= TIMES; time++) {
    const { gateway, address } = await start(time + 1);
    try {
      await dieOnce(gateway, { ...world, address }, site, time);
    } finally {
      await gateway.kill();
    }
    if (world.findings.failed.aborted) return;
  }
}

async function dieOnce(
  gateway: Gateway,
  world: World,
  site: Site,
  time: number,
): Promise<void> {
  const { findings } = world;
  // Lost answers are no fault from now on.
  const forgiving = { ...world, findings: new Findings() };
  const sessions = await openAll(forgiving);
  const opened = sessions.filter(({ state }) => state === "open").length;
  if (opened === 0) findings.fail("gateway", "no session before its death");
  findings.count("sessions at a sudden death", opened);
  // The third time their children are only being started.
  if (time === TIMES) void openAll(forgiving);
  await delay(time * 20);
  gateway.signal("SIGKILL");
  const since = performance.now();
  const quiet = Promise.all(sessions.map((session) => session.quiet()));
  const dropped = await Promise.race([
    quiet.then(() => true),
    delay(CONNECTIONS_GONE_MS, false),
  ]);
  if (!dropped) findings.fail("shutdown", "clients wait for a dead gateway");
  const left = () => leftOf(gateway.pid, site.mark("child"));
  await until(() => left().length === 0, CHILDREN_GONE_MS);
  findings.took("children after a sudden death", performance.now() - since);
  if (left().length === 0) return;
  findings.fail("leak", `they outlive it: ${describeProcesses(left())}`);
}

/** Sessions with every server that is a child, their children in all conditions. */
async function openAll(world: World): Promise<SoakSession[]> {
  const servers = world.servers.filter(({ transport }) =>
    transport === "stdio"
  );
  const each = servers.flatMap((server) =>
    TOOLS.map((tool) => ({ server, tool }))
  );
  return await Promise.all(
    each.map(({ server, tool }, index) => openOne(server, tool, index, world)),
  );
}

async function openOne(
  server: SoakServer,
  tool: string,
  index: number,
  world: World,
): Promise<SoakSession> {
  const transport = CLIENT_KINDS[index % CLIENT_KINDS.length] as ClientKind;
  const token = world.tokens[0] as SoakToken;
  const name = `victim-${server.name}-${tool}`;
  const kind = { transport, revision: "2025-06-18", canBeAsked: true };
  const options = { name, server, token, ...kind };
  const session = await openSession(options, undefined, world);
  if (session.state !== "open") return session;
  const call: Call = { tool, args: { ms: SLOW_MS }, size: 0 };
  if (tool !== "slow") await perform(session, call, world);
  else begin(session, call);
  if (session instanceof StreamableSession) session.listen();
  return session;
}
