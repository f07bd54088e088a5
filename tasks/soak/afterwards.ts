// What must hold when the clients have left: everything that they used is given back, and the gateway ends as it is told.

import { readdirSync, readlinkSync } from "node:fs";
import type { Gateway } from "./gateway/gateway.ts";
import { IDLE_MS } from "./gateway/gateway_config.ts";
import { childrenOf, describeProcesses, leftOf } from "./gateway/leaks.ts";
import type { LogWatch } from "./gateway/log_watch.ts";
import { judgeMemory } from "./gateway/memory_figures.ts";
import type { Meter } from "./gateway/meter.ts";
import { until } from "./quiet.ts";
import type { Figures } from "./report.ts";
import type { Site } from "./site.ts";
import type { World } from "./world.ts";

/** A run whose clients have left. */
export interface Aftermath {
  readonly site: Site;
  readonly gateway: Gateway;
  readonly watch: LogWatch;
  readonly world: World;
  readonly meter: Meter;
  readonly descriptorsBefore: number;
  readonly seconds: number;
}

/** A child that ignores everything lives this long after its session. */
const CHILDREN_GONE_MS = 6_000;
const SESSIONS_OVER_MS = IDLE_MS + 15_000;
const DESCRIPTORS_BACK_MS = 30_000;
/** Connections to servers that are kept for the next request come and go. */
const DESCRIPTORS_MORE = 4;
const ENDS_WITHIN_MS = 5_000;

/** Checks it all, ends the gateway, and returns the figures. */
export async function afterwards(aftermath: Aftermath): Promise<Figures> {
  const { site, gateway, watch, meter, world, seconds } = aftermath;
  const leaked = await sessionsOver(aftermath);
  await site.stopRemotes();
  const descriptorsAfter = await descriptorsBack(aftermath);
  meter.stop();
  const figures: Figures = {
    seconds,
    sessions: watch.counted("Session opened"),
    sessionsLeft: watch.counted("Session opened") -
      watch.counted("Session closed"),
    leaked,
    descriptorsBefore: aftermath.descriptorsBefore,
    descriptorsAfter,
    memory: judgeMemory(meter.memory, seconds, world.findings),
    gatewaySeconds: meter.gatewaySeconds,
    load: meter.load,
    stretch: world.pacer.stretch,
  };
  await end(gateway, site, world);
  return figures;
}

/** Returns how many children are left. */
async function sessionsOver(
  { site, gateway, watch, world: { findings } }: Aftermath,
): Promise<number> {
  const isOver = () =>
    watch.counted("Session opened") === watch.counted("Session closed");
  if (!await until(isOver, SESSIONS_OVER_MS)) {
    const left = watch.counted("Session opened") -
      watch.counted("Session closed");
    findings.fail("leak", `${left} sessions are still open`);
  }
  const children = () => childrenOf(gateway.pid, site.mark("child"));
  await until(() => children().length === 0, CHILDREN_GONE_MS);
  const left = children();
  if (left.length > 0) {
    findings.fail("leak", `children are left: ${describeProcesses(left)}`);
  }
  return left.length;
}

async function descriptorsBack(
  { gateway, meter, descriptorsBefore, world: { findings } }: Aftermath,
): Promise<number> {
  const most = descriptorsBefore + DESCRIPTORS_MORE;
  const back = await until(
    () => meter.descriptors <= most,
    findings.failed.aborted ? 0 : DESCRIPTORS_BACK_MS,
  );
  const after = meter.descriptors;
  if (!back) {
    findings.fail(
      "leak",
      `${after} file descriptors are open, ${descriptorsBefore} were: ${
        describeDescriptors(gateway.pid)
      }`,
    );
  }
  return after;
}

async function end(
  gateway: Gateway,
  site: Site,
  { findings }: World,
): Promise<void> {
  if (!gateway.isRunning) return;
  const since = performance.now();
  gateway.signal("SIGTERM");
  await until(() => !gateway.isRunning, ENDS_WITHIN_MS);
  findings.took("shutdown", performance.now() - since);
  if (gateway.isRunning) {
    findings.fail(
      "shutdown",
      `it still runs ${ENDS_WITHIN_MS} ms after SIGTERM`,
    );
    return await gateway.kill();
  }
  const { code, signal } = await gateway.ended;
  if (code !== 0) {
    findings.fail("shutdown", `SIGTERM ended it with ${signal ?? code}`);
  }
  const left = () => leftOf(gateway.pid, site.mark("child"));
  await until(() => left().length === 0, CHILDREN_GONE_MS);
  if (left().length === 0) return;
  findings.fail("leak", `left after its end: ${describeProcesses(left())}`);
}

/** How many descriptors of each kind. */
function describeDescriptors(pid: number): string {
  const folder = `/proc/${pid}/fd`;
  const counts = new Map<string, number>();
  for (const name of readdirSync(folder)) {
    const kind = kindOf(`${folder}/${name}`);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(", ");
}

function kindOf(link: string): string {
  try {
    return readlinkSync(link).replace(/:?\[\d+\]$/, "");
  } catch {
    // It was closed meanwhile.
    return "closed";
  }
}
