// `mcp-front -- COMMAND`: the gateway for one command, with nothing written down.

import { createGateway } from "../../mod.ts";
import type { Gateway } from "../../mod.ts";
import { employReaper } from "../runtime/reaper.ts";
import type { Listener } from "../runtime/serve.ts";
import { addressText, localUrl, protocolOf } from "./address_text.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import type { Failure, ServerReport } from "./check/server_report.ts";
import { frontBlock } from "./front/block.ts";
import { frontConfig } from "./front/front_config.ts";
import type { FrontConfig } from "./front/front_config.ts";
import { serverNameOf } from "./front/server_name_of.ts";
import { beginTrial } from "./front/trial.ts";
import type { FrontOptions } from "./front_arguments.ts";
import { listen } from "./listen.ts";
import { makeToken } from "./make_token.ts";
import { palette } from "./palette.ts";
import { print } from "./print.ts";
import { shutDown } from "./shut_down.ts";
import type { Surroundings } from "./surroundings.ts";
import { tillStopped } from "./till_stopped.ts";
import type { Running } from "./till_stopped.ts";
import { VERSION } from "../version.ts";

/** Faults of a command that cannot be a server: waiting for clients would be in vain. */
const HOPELESS: readonly string[] = ["backend_unavailable", "backend_exited"];

/**
 * Runs the gateway for a command on this machine alone, with a new token that is printed once. Resolves with 0 after a
 * signal and an orderly end, 130 or 143 after a second signal, 1 after a crash. Throws a `CommandError` where it cannot
 * start, and where the command does not exist or ends at once; in the JSON form that is a log line instead.
 */
export async function front(
  options: FrontOptions,
  { environment }: Surroundings,
): Promise<number> {
  return await tillStopped(
    environment,
    (running) => frontUntilStopped(options, running),
  );
}

async function frontUntilStopped(
  options: FrontOptions,
  running: Running,
): Promise<number> {
  const { environment, log, stop } = running;
  const name = serverNameOf(options.command, options.args);
  const token = makeToken();
  const made = frontConfig(name, options, token, environment);
  const reaper = employReaper((reason) => {
    log.warn("Reaper lost; another one is started", { reason });
  });
  const gateway = createGateway(made.config, { log });
  const listener = await listening(made, gateway, running);
  const { config } = made;
  const address = { ...config.address, port: listener.port };
  const url = localUrl(address, protocolOf(config));
  const paint = palette("stdout", environment);
  await print("stdout", frontBlock({ name, url, token }, paint));
  announce(made, listener, running);
  const trial = beginTrial(made, running);
  const close: Gateway["close"] = async (limits) => {
    await Promise.all([trial.close(), gateway.close(limits)]);
  };
  try {
    const first = await Promise.race([stop, trial.report]);
    if (typeof first !== "string") await tell(first, running);
    log.info("Stopping", { signal: await stop });
  } finally {
    await shutDown({ gateway: { close }, listener, reaper });
  }
  log.info("Stopped");
  return EXIT_CODES.done;
}

async function listening(
  { config }: FrontConfig,
  gateway: Gateway,
  { log }: Running,
): Promise<Listener> {
  try {
    return await listen(config, gateway, { file: "", log });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(
      error.message,
      "choose another one, or leave -port out, and a free port is taken",
      error.exitCode,
    );
  }
}

/** The same line as for a configuration, for programs; and for everybody that it may take a while. */
function announce(
  { config, server }: FrontConfig,
  { port }: Listener,
  { log, format }: Running,
): void {
  const address = { ...config.address, port };
  if (format === "json") {
    log.info("Listening", {
      address: addressText(address),
      url: localUrl(address, protocolOf(config)),
      version: VERSION,
      servers: [server.name],
    });
  }
  log.info(
    "Starting the server once, to try it; a first start may download it",
    {
      server: server.name,
    },
  );
}

/** Throws a `CommandError` where no client could use the server. */
async function tell(
  report: ServerReport,
  { log, format, paint }: Running,
): Promise<void> {
  const { name: server } = report;
  if (report.status === "ready") {
    const { resourceTemplates: resource_templates, ...offers } = report.offers;
    const { connectMs: connect_ms } = report.greeting;
    const found = { ...offers, resource_templates, connect_ms };
    log.info("Server ready", { server, ...found });
    return;
  }
  if (report.status !== "failed") return;
  const { fault, message, lastWords } = report.failure;
  const hint = hintFor(report.failure);
  if (report.greeting !== undefined) {
    log.warn("Server ready, but not in all that it announces", {
      server,
      reason: message,
    });
    return;
  }
  if (!HOPELESS.includes(fault)) {
    log.warn("Server not ready; clients may try", {
      server,
      reason: message,
      hint,
    });
    return;
  }
  // They are the server's own: a log has them at debug only.
  if (format === "text") {
    const said = lastWords.map((line) => `${paint("dim", `| ${line}`)}\n`);
    await print("stderr", said.join(""));
  }
  throw new CommandError(message, hint, EXIT_CODES.failed);
}

/** Other hints speak of keys of a configuration. */
function hintFor({ fault, hint }: Failure): string {
  if (fault === "backend_unavailable" && hint !== undefined) return hint;
  return fault === "backend_exited"
    ? "it may want arguments or variables; run it without mcp-front -- to compare"
    : "see that it is an MCP server that speaks on stdin and stdout";
}
