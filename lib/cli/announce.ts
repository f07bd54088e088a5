// Tells the operator that the gateway is up: in words at a terminal, else as a log line.

import type { StderrReader } from "../runtime/standard_stream.ts";
import type { FlushableLog } from "../telemetry/log.ts";
import { addressText, localUrl, protocolOf } from "./address_text.ts";
import { banner } from "./banner.ts";
import type { Listening } from "./banner.ts";
import { logProblems } from "./load_or_explain.ts";
import type { Palette } from "./palette.ts";
import { print } from "./print.ts";
import { FLUSH_LIMIT_MS } from "./shut_down.ts";
import { VERSION } from "../version.ts";

/** To whom it is told, and how. */
interface Audience {
  readonly log: FlushableLog;
  readonly reader: StderrReader;
  readonly paint: Palette;
}

/** Prints the banner, or logs `Listening` and the warnings. */
export async function announce(
  started: Listening,
  { log, reader, paint }: Audience,
): Promise<void> {
  const { file, config, port, warnings } = started;
  if (reader === "terminal") {
    await log.flush(FLUSH_LIMIT_MS);
    return await print("stderr", banner(started, paint));
  }
  const address = { ...config.address, port };
  logProblems(warnings, log);
  log.info("Listening", {
    address: addressText(address),
    url: localUrl(address, protocolOf(config)),
    version: VERSION,
    config: file,
    servers: config.servers.map(({ name }) => name),
  });
  await log.flush(FLUSH_LIMIT_MS);
}
