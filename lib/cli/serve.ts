// `mcp-front`: runs the gateway until it is told to stop.

import { createGateway } from "../../mod.ts";
import type { FetchLimit } from "../runtime/fetch_limit.ts";
import { employReaper } from "../runtime/reaper.ts";
import { announce } from "./announce.ts";
import { EXIT_CODES } from "./command_error.ts";
import { configFile } from "./config_file.ts";
import { listen } from "./listen.ts";
import { loadOrExplain } from "./load_or_explain.ts";
import { Reloader } from "./reload.ts";
import { shutDown } from "./shut_down.ts";
import type { Surroundings } from "./surroundings.ts";
import { tillStopped } from "./till_stopped.ts";
import type { Running } from "./till_stopped.ts";

/** What serving needs to know of its process besides. */
export interface ServeSurroundings extends Surroundings {
  readonly fetchLimit: FetchLimit;
}

/**
 * Runs the gateway that a config file describes. Resolves with 0 after a signal and an orderly
 * end, 130 or 143 after a second signal, 1 after a crash. Throws a `CommandError` where it cannot
 * start; in the JSON form that is a log line instead, and the exit code.
 */
export async function serve(
  named: string | undefined,
  { environment, fetchLimit }: ServeSurroundings,
): Promise<number> {
  const file = configFile(named);
  return await tillStopped(environment, (running) => {
    if (fetchLimit === "limited") {
      running.log.warn(
        "Backends by url share 256 requests at a time: the runtime's limit could not be lifted",
        { hint: "start it with BUN_CONFIG_MAX_HTTP_REQUESTS=65535" },
      );
    }
    return serveUntilStopped(file, running);
  });
}

async function serveUntilStopped(
  file: string,
  { environment, format, log, reader, paint, stop, hangUps }: Running,
): Promise<number> {
  const loadedAt = Date.now();
  const telling = { log, format, paint };
  const loaded = await loadOrExplain(file, environment, telling);
  const { config, warnings } = loaded;
  const reaper = employReaper((reason) => {
    log.warn("Reaper lost; another one is started", { reason });
  });
  const gateway = createGateway(config, { log });
  const listener = await listen(config, gateway, { file, log });
  const { port } = listener;
  await announce({ file, config, port, warnings }, {
    log,
    reader: format === "text" ? reader : "program",
    paint,
  });
  const reloading = { gateway, listener, file, environment, log };
  const reloader = new Reloader(reloading, loaded, loadedAt);
  hangUps.onAsked(() => reloader.ask("SIGHUP"));
  const signal = await stop;
  reloader.close();
  log.info("Stopping", { signal });
  await shutDown({ gateway, listener, reaper });
  log.info("Stopped");
  return EXIT_CODES.done;
}
