// Starts the server once, as a client would, so that its first client does not have to find out what is wrong with it.

import type { Config, Log, LogFields, ServerConfig } from "../../../mod.ts";
import type { Variables } from "../../config/child_environment.ts";
import { examineAll } from "../check/examine_all.ts";
import { offersOf } from "../check/offers_of.ts";
import { presentable } from "../check/presentable.ts";
import type { Presentable } from "../check/presentable.ts";
import type { ServerReport } from "../check/server_report.ts";
import { HARMLESS_VALUE, SECRET_NAME } from "../secret_guess.ts";
import { FRONT_TOKEN } from "./front_config.ts";
import type { FrontConfig } from "./front_config.ts";

/** A trial under way; who began it closes it. */
export interface Trial {
  readonly report: Promise<ServerReport>;
  /** Gives it up where it is not done, and ends the server that it started. */
  close(): Promise<void>;
}

/** What a trial has around it. */
interface TrialSurroundings {
  readonly environment: Variables;
  readonly log: Log;
}

/** Begins to try the server, by a gateway of its own. */
export function beginTrial(
  { config, server }: FrontConfig,
  { environment, log }: TrialSurroundings,
): Trial {
  const visit = { kind: "visit", server, token: FRONT_TOKEN } as const;
  const { reports, close } = examineAll([visit], config, {
    ask: offersOf,
    presentable: presentableFor(config, environment),
    log: asDebug(log),
    onPhase() {},
  });
  return { report: reports.then(([report]) => report as ServerReport), close };
}

/** The server has every variable there is; most are no secrets, and its errors are full of their paths. */
function presentableFor(config: Config, environment: Variables): Presentable {
  const servers = config.servers.map((server) => ({
    ...server,
    backend: withSecretsOnly(server.backend),
  }));
  return presentable({ ...config, servers }, environment);
}

function withSecretsOnly(
  backend: ServerConfig["backend"],
): ServerConfig["backend"] {
  if (backend.kind !== "stdio") return backend;
  const env = Object.entries(backend.stdio.env).filter(([name, value]) =>
    SECRET_NAME.test(name) || !HARMLESS_VALUE.test(value)
  );
  return {
    ...backend,
    stdio: { ...backend.stdio, env: Object.fromEntries(env) },
  };
}

/** What the trial does is of interest only to who looks for a fault. */
function asDebug(log: Log): Log {
  const debug = (msg: string, fields?: LogFields) => log.debug(msg, fields);
  return {
    debug,
    info: debug,
    warn: debug,
    error: debug,
    with: (fields) => asDebug(log.with(fields)),
  };
}
