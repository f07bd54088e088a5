// Connects to one server as a client would, asks for what it offers, and leaves.

import type { Client, ClientLibrary } from "../../../deps.ts";
import type { Gateway, Secret, ServerConfig } from "../../../mod.ts";
import { configuredTransport } from "./configured_transport.ts";
import { failureOf } from "./failure_of.ts";
import type { Findings } from "./findings.ts";
import { Guest } from "./guest.ts";
import type { Bounds } from "./guest.ts";
import type { Asking } from "./list_all.ts";
import type { Visit } from "./plan.ts";
import type { Presentable } from "./presentable.ts";
import type { Greeting, ServerReport } from "./server_report.ts";

/** How long a server may take once its own time for opening (`timeouts.open`) is over. */
const LISTING_LIMIT_MS = 30_000;

/** Asks a server that is connected to. */
export type Ask<Found> = (client: Client, asking: Asking) => Promise<Found>;

/** What is needed to examine servers. */
export interface Examination<Found> {
  readonly ask: Ask<Found>;
  readonly library: ClientLibrary;
  readonly gateway: Gateway;
  /** What it lets in with, by the token's name. */
  readonly credentials: ReadonlyMap<string, Secret>;
  /** Where clients of this machine find the gateway, without a slash at the end. */
  readonly url: string;
  readonly findings: Findings;
  readonly presentable: Presentable;
  /** Fires when the check is given up. */
  readonly signal: AbortSignal;
}

/** How far it is with a server. */
export type Stage = "connecting" | "listing";

/** What is known of a server so far. */
interface Progress {
  /** What it was asked last. */
  method: string;
  greeting?: Greeting;
}

/** Examines one server; rejects only where there is no credential for its token. `onStage` is told how far it is. */
export async function examine<Found>(
  visit: Visit,
  examination: Examination<Found>,
  onStage: (stage: Stage) => void,
): Promise<ServerReport<Found>> {
  const { library, gateway, presentable, signal: givenUp } = examination;
  const { server, token } = visit;
  const { name } = server;
  const url = new URL(`${examination.url}/${encodeURIComponent(name)}/mcp`);
  const credential = examination.credentials.get(token);
  if (!credential) throw new TypeError(`no credential for "${token}"`);
  const guest = new Guest({ library, gateway, url, credential });
  const limitMs = server.backend.timeouts.openMs + LISTING_LIMIT_MS;
  const limit = AbortSignal.timeout(limitMs);
  const bounds = { signal: AbortSignal.any([limit, givenUp]), limitMs };
  const progress: Progress = { method: "initialize" };
  const about = () => {
    const transport = transportOf(server, examination.findings);
    return { name, token, transport };
  };
  try {
    onStage("connecting");
    const greeting = await greet(guest, bounds, presentable);
    progress.greeting = greeting;
    onStage("listing");
    const onAsk = (method: string) => progress.method = method;
    const offers = await examination.ask(guest.client, { ...bounds, onAsk });
    return { ...about(), status: "ready", greeting, offers };
  } catch (error) {
    const { method, greeting } = progress;
    const failure = failureOf(error, {
      ...examination,
      server,
      method,
      limit: { ms: limitMs, signal: limit },
    });
    return { ...about(), status: "failed", greeting, failure };
  } finally {
    await guest.leave();
  }
}

async function greet(
  guest: Guest,
  bounds: Bounds,
  presentable: Presentable,
): Promise<Greeting> {
  const start = performance.now();
  await guest.enter(bounds);
  const connectMs = Math.round(performance.now() - start);
  const revision = guest.client.getNegotiatedProtocolVersion();
  const { name, version } = guest.client.getServerVersion() ?? {};
  return {
    revision: revision && presentable(revision),
    name: name && presentable(name),
    version: version && presentable(version),
    connectMs,
  };
}

function transportOf(server: ServerConfig, findings: Findings): string {
  const configured = configuredTransport(server);
  return configured === "auto"
    ? findings.transportOf(server.name) ?? configured
    : configured;
}
