// Sessions in which nobody says anything for long, between an executable and servers over HTTP.

import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { FaultBackend } from "./fault_backend.ts";
import type { FaultClient, Told } from "./fault_client.ts";
import { faultClient } from "./fault_clients.ts";
import { startGateway } from "./gateway_process.ts";
import type { GatewayProcessOptions } from "./gateway_process.ts";
import { overTransport } from "./servers.ts";
import { configWith, DEV_TOKEN } from "./simple_config.ts";

/** How long, and what of it is to be told. */
export interface SilenceOptions
  extends Pick<GatewayProcessOptions, "command" | "env"> {
  readonly ms: number;
  /** Is told what was done. */
  readonly say?: (text: string) => void;
}

/** Nobody is asked for anything during that time. */
const NO_LIMITS = { request: "2h", requestMax: "2h", idle: "2h" };

const TRANSPORTS = ["sse", "streamable-http"] as const;

/**
 * Opens a session of each transport with each of a server. In each, a call waits
 * for its answer, another has begun to hear it, and a stream is open for what
 * belongs to no call. After the silence all of them must go on as if nothing had
 * been; throws where one does not.
 */
export async function keepSilence(options: SilenceOptions): Promise<void> {
  const { ms, command, env, say = () => {} } = options;
  await using sse = await FaultBackend.start("sse");
  await using http = await FaultBackend.start("streamable-http");
  const servers = {
    [overTransport("sse")]: sse.entry(),
    [overTransport("streamable-http")]: http.entry(),
  };
  const config = configWith(servers, { limits: NO_LIMITS });
  await using gateway = await startGateway({ config, command, env });
  await using everyone = new AsyncDisposableStack();
  const begin = async (what: string, client: FaultClient) => {
    everyone.use(client);
    return await SilentSession.begin(what, client);
  };
  const sessions = await Promise.all(
    clientsOf(gateway.url).map(([what, client]) => begin(what, client)),
  );
  const { length } = sessions;
  say(`${length} sessions are silent for ${Math.round(ms / 1_000)} s`);
  await delay(ms);
  for (const session of sessions) say(await session.goOn());
  assert.deepEqual(countsOf(sse), { handshakes: 3, streams: 0 });
  assert.deepEqual(countsOf(http), { handshakes: 3, streams: 3 });
}

function clientsOf(url: string): (readonly [string, FaultClient])[] {
  return TRANSPORTS.flatMap((transport) => {
    const server = overTransport(transport);
    const target = { url, server, token: DEV_TOKEN };
    const json = { ...target, accept: "application/json" };
    return [
      [`SSE, server ${server}`, faultClient("sse", target)],
      [
        `Streamable HTTP, server ${server}`,
        faultClient("streamable-http", target),
      ],
      [`JSON only, server ${server}`, faultClient("streamable-http", json)],
    ] as const;
  });
}

/** None of them may have begun anew behind the client's back. */
function countsOf(server: FaultBackend) {
  const handshakes = server.count("initialize");
  return { handshakes, streams: server.count("listens") };
}

/** One client with all it has open. */
class SilentSession {
  readonly #what: string;
  readonly #client: FaultClient;
  readonly #wait: Promise<Told>;
  readonly #stream?: Promise<Told>;

  private constructor(what: string, client: FaultClient) {
    this.#what = what;
    this.#client = client;
    this.#wait = client.call("wait");
    // Whoever takes JSON only has no stream for its progress.
    if (!client.takesJsonOnly) this.#stream = client.call("stream");
    for (const call of [this.#wait, this.#stream]) {
      call?.catch(() => {
        // Told when the silence is over.
      });
    }
  }

  static async begin(what: string, client: FaultClient) {
    const { message } = await client.initialize();
    assert.ok(message?.result, JSON.stringify(message));
    const session = new SilentSession(what, client);
    if (session.#stream) await client.hears("notifications/progress");
    return session;
  }

  /** Everything that is open is used; resolves with what that was. */
  async goOn(): Promise<string> {
    const client = this.#client;
    await client.notify("x/now");
    if (this.#stream) assertAnswered(await this.#stream, this.#what);
    await client.notify("x/release");
    assertAnswered(await this.#wait, this.#what);
    await client.notify("x/speak");
    await client.hears("notifications/message");
    const calls = this.#stream ? "two calls" : "a call";
    return `${this.#what}: ${calls} answered, the open stream spoke`;
  }
}

function assertAnswered({ status, message }: Told, what: string): void {
  const told = JSON.stringify({ status, message });
  assert.ok(message?.result, `${what}: ${told}`);
}
