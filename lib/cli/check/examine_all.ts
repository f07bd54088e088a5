// Examines the servers of a configuration through a gateway of its own, and ends that.

import { loadClient } from "../../../deps.ts";
import type { ClientLibrary } from "../../../deps.ts";
import { createGateway } from "../../../mod.ts";
import type { Config, Log } from "../../../mod.ts";
import { within } from "../../channel/within.ts";
import { localUrl, protocolOf } from "../address_text.ts";
import { configuredTransport } from "./configured_transport.ts";
import { examine } from "./examine.ts";
import type { Ask } from "./examine.ts";
import { Findings } from "./findings.ts";
import type { Phase } from "./live_lines.ts";
import type { Omission, Visit } from "./plan.ts";
import { passes } from "./passes.ts";
import { untilReachable } from "./patience.ts";
import type { Presentable } from "./presentable.ts";
import type { ServerReport } from "./server_report.ts";
import { sideBySide } from "./side_by_side.ts";

/** Servers that are examined at the same time. */
const MAX_AT_ONCE = 8;

/** How long the servers' processes may take to end; each is killed before that. */
const CLOSE_LIMIT_MS = 7_000;

/** What the examination has around it. */
export interface ExaminationOptions<Found> {
  /** Asks each server that is connected to. */
  readonly ask: Ask<Found>;
  /** Makes what servers say fit to be shown. */
  readonly presentable: Presentable;
  /** Gets the lines of the gateway's log. */
  readonly log: Log;
  /** What becomes of a server that runs elsewhere and cannot be reached; absent: it has failed. */
  readonly unreachable?: "fail" | "wait";
  /** Told how far it is with a server. */
  onPhase(server: string, phase: Phase): void;
}

/** An examination under way; who began it closes it. */
export interface Examining<Found> {
  /** In the order of the file. */
  readonly reports: Promise<readonly ServerReport<Found>[]>;
  /** Gives up what is not done, and ends every session and child; resolves when they are gone. */
  close(): Promise<void>;
}

/** Begins to examine all servers that are to be visited. */
export function examineAll<Found>(
  steps: readonly (Visit | Omission)[],
  config: Config,
  { ask, presentable, log, unreachable, onPhase }: ExaminationOptions<Found>,
): Examining<Found> {
  const findings = new Findings(log);
  const own = passes(config);
  const gateway = createGateway(own.config, { log: findings.log });
  const closing = new AbortController();
  const examination = {
    ask,
    gateway,
    credentials: own.credentials,
    url: localUrl(config.address, protocolOf(config)),
    findings,
    presentable,
    signal: closing.signal,
  };
  const examined = async (library: ClientLibrary, visit: Visit) => {
    const note = (phase: Phase) => onPhase(visit.server.name, phase);
    const attempt = () => examine(visit, { ...examination, library }, note);
    const report = unreachable === "wait"
      ? await untilReachable(visit, attempt, closing.signal)
      : await attempt();
    note(report.status === "ready" ? "ready" : "failed");
    return report;
  };
  const reports = loadClient().then((library) =>
    sideBySide(
      steps,
      MAX_AT_ONCE,
      (step) =>
        step.kind === "visit" ? examined(library, step) : omitted<Found>(step),
    )
  );
  return {
    reports,
    async close() {
      closing.abort();
      await within(gateway.close({ graceMs: 0 }), CLOSE_LIMIT_MS);
    },
  };
}

function omitted<Found>(
  { server, token, rule }: Omission,
): Promise<ServerReport<Found>> {
  return Promise.resolve({
    name: server.name,
    token,
    transport: configuredTransport(server),
    status: "not_allowed",
    rule,
  });
}
