// One soak from its begin to its end.

import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterwards } from "./afterwards.ts";
import { runClient } from "./client/client.ts";
import { disturb } from "./servers/disturber.ts";
import { Findings, SoakFailure } from "./findings.ts";
import { Gateway } from "./gateway/gateway.ts";
import { LogWatch } from "./gateway/log_watch.ts";
import { Meter } from "./gateway/meter.ts";
import type { SoakOptions } from "./options.ts";
import { Pacer } from "./gateway/pacer.ts";
import { Random } from "./plan/random.ts";
import type { Figures } from "./report.ts";
import { Secrets } from "./secrets.ts";
import { WRONG_TOKEN } from "./client/send_rubbish.ts";
import { SERVERS } from "./servers/servers.ts";
import { Site } from "./site.ts";
import { Strangers } from "./client/strangers.ts";
import { dieSuddenly } from "./sudden_death.ts";
import { Troubles } from "./servers/troubles.ts";
import { warmUp } from "./warm_up.ts";
import type { World } from "./world.ts";

/** The part of a run that is over when the clients are. */
interface Stage {
  readonly options: SoakOptions;
  readonly site: Site;
  readonly gateway: Gateway;
  readonly watch: LogWatch;
  readonly world: World;
  readonly meter: Meter;
}

/** Until the second server process is there. */
const LATE_BY_MS = 2_000;
const PROGRESS_MS = 60_000;

/** What a run comes to. */
export interface SoakResult {
  readonly findings: Findings;
  /** Absent when it did not come to the measuring. */
  readonly figures?: Figures;
  /** Where the logs are, when they were kept. */
  readonly folder?: string;
}

/** Soaks the executable. `interrupted` ends it early. */
export async function soak(
  options: SoakOptions,
  interrupted: AbortSignal,
): Promise<SoakResult> {
  const findings = new Findings();
  const troubles = new Troubles();
  const site = await Site.prepare(options.clients, troubles);
  const figures = await runAt(site, options, findings, troubles, interrupted)
    .catch((error) => {
      if (error instanceof SoakFailure) return undefined;
      findings.fail("gateway", error.stack ?? String(error));
    });
  const failed = findings.failures.length > 0;
  await site.leave(failed ? "keep" : "remove");
  return { findings, figures, folder: failed ? site.folder : undefined };
}

async function runAt(
  site: Site,
  options: SoakOptions,
  findings: Findings,
  troubles: Troubles,
  interrupted: AbortSignal,
): Promise<Figures> {
  const values = [...site.tokens.map(({ value }) => value), WRONG_TOKEN];
  const secrets = new Secrets(values);
  const watch = new LogWatch(findings, secrets);
  const [web, late] = site.remotes;
  await web?.start();
  const { gateway, address } = await startGateway(site, options, watch, 1);
  const over = new AbortController();
  const world: World = {
    address,
    servers: SERVERS,
    tokens: site.tokens,
    findings,
    pacer: new Pacer(),
    secrets,
    strangers: new Strangers(),
    troubles,
    ran: site.ran,
    signal: over.signal,
  };
  try {
    await warmUp(world, gateway, watch, site);
    const { pid } = gateway;
    const { pacer } = world;
    const meter = new Meter({ pid, mark: site.mark(), pacer });
    const stage = { options, site, gateway, watch, world, meter };
    const descriptorsBefore = meter.descriptors;
    const timer = setTimeout(() => void late?.start(), LATE_BY_MS);
    const seconds = await live(stage, over, interrupted);
    clearTimeout(timer);
    const figures = await afterwards({ ...stage, descriptorsBefore, seconds });
    if (findings.failures.length === 0) {
      await dieSuddenly(
        site,
        world,
        (part) => startGateway(site, options, watch, part),
      );
    }
    return figures;
  } finally {
    over.abort();
    await gateway.kill();
  }
}

function startGateway(
  site: Site,
  { program }: SoakOptions,
  watch: LogWatch,
  part: number,
) {
  const { folder, config } = site;
  const log = join(folder, `gateway-${part}.log`);
  const env = site.env("gateway");
  return Gateway.start({ program, config, folder, log, watch, env });
}

/** Lets the clients live until the time is up or something fails; returns how many seconds that was. */
async function live(
  { options, site, gateway, world }: Stage,
  over: AbortController,
  interrupted: AbortSignal,
): Promise<number> {
  const { findings, signal } = world;
  const { seconds, seed, clients } = options;
  const began = performance.now();
  const enough = AbortSignal.any([findings.failed, interrupted]);
  gateway.ended.then(({ code, signal: by }) => {
    if (over.signal.aborted) return;
    findings.fail("gateway", `it ended by itself: ${by ?? `code ${code}`}`);
  });
  const others = disturb({
    random: new Random(`${seed} disturber`),
    remotes: site.remotes,
    pid: gateway.pid,
    findings,
    signal,
  });
  const lives = Array.from(
    { length: clients },
    (_, index) => runClient(index, seed, world),
  );
  const progress = setInterval(() => tell(world, began), PROGRESS_MS);
  await Promise.race([
    delay(seconds * 1_000, undefined, { signal: enough }).catch(() => {}),
    ...lives,
  ]);
  over.abort();
  clearInterval(progress);
  const passed = (performance.now() - began) / 1_000;
  await Promise.all([...lives, others]);
  return passed;
}

function tell({ findings, pacer }: World, began: number): void {
  const seconds = Math.round((performance.now() - began) / 1_000);
  console.log(
    `${seconds} s: ${findings.counted("sessions opened")} sessions, ${
      findings.counted("calls checked")
    } calls, pauses × ${pacer.stretch.toFixed(2)}`,
  );
}
