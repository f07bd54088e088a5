// Uses everything once, so that what a gateway acquires only once is not taken for a leak.

import type { Gateway } from "./gateway/gateway.ts";
import { childrenOf } from "./gateway/leaks.ts";
import type { LogWatch } from "./gateway/log_watch.ts";
import { CLIENT_KINDS } from "./client/client_kind.ts";
import { openSession } from "./client/open_session.ts";
import { perform } from "./client/perform.ts";
import { PROBE } from "./plan/plan.ts";
import { until } from "./quiet.ts";
import type { SoakToken } from "./servers/servers.ts";
import type { Site } from "./site.ts";
import type { World } from "./world.ts";

const QUIET_WITHIN_MS = 15_000;

/** Opens a session of each kind with each server that is up, and waits until they are over. */
export async function warmUp(
  world: World,
  gateway: Gateway,
  watch: LogWatch,
  site: Site,
): Promise<void> {
  const token = world.tokens[0] as SoakToken;
  const up = world.servers.filter(({ remote }) => remote !== "late");
  await Promise.all(
    up.flatMap((server) =>
      CLIENT_KINDS.map(async (transport) => {
        const name = `warm-up-${server.name}-${transport}`;
        const revision = "2025-06-18";
        const kind = { transport, revision, canBeAsked: true };
        const options = { name, server, token, ...kind };
        const session = await openSession(options, undefined, world);
        await perform(session, PROBE, world);
        await session.end();
        await session.quiet();
      })
    ),
  );
  const quiet = await until(
    () =>
      watch.counted("Session opened") === watch.counted("Session closed") &&
      childrenOf(gateway.pid, site.mark("child")).length === 0,
    QUIET_WITHIN_MS,
  );
  if (!quiet) throw world.findings.fail("leak", "the warm-up has not ended");
}
