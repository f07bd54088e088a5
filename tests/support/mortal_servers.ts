// Servers that a test kills and that come back: by themselves over stdio, on the same port otherwise.

import process from "node:process";
import { fileURLToPath } from "node:url";
import { freePort } from "./free_port.ts";
import type { OfficialClient } from "./official_client.ts";
import { ServerProcess } from "./server_process.ts";
import { overTransport } from "./servers.ts";
import type { BackendTransport } from "./servers.ts";
import type { Behind } from "./world.ts";

const PROGRAM = fileURLToPath(
  new URL("mortal_server.mjs", import.meta.url).href,
);

type Listening = Exclude<BackendTransport, "stdio">;

/** What a server says of itself. */
export interface State {
  /** In `mcpServers`. */
  readonly name: string;
  readonly pid: number;
  /** The arguments of the call. */
  readonly asked?: unknown;
  readonly level: string | null;
  readonly uris: readonly string[];
}

/** One over each transport; disposing of them ends those that listen. */
export class MortalServers implements Behind {
  readonly #ports: Readonly<Record<Listening, number>>;
  readonly #running = new Map<Listening, ServerProcess>();

  private constructor(ports: Readonly<Record<Listening, number>>) {
    this.#ports = ports;
  }

  static async start(): Promise<MortalServers> {
    const sse = await freePort();
    const servers = new this({ sse, "streamable-http": await freePort() });
    await servers.#start("sse");
    await servers.#start("streamable-http");
    return servers;
  }

  get mcpServers(): Readonly<Record<string, unknown>> {
    const { sse, "streamable-http": streamable } = this.#ports;
    return {
      [overTransport("stdio")]: mortalOverStdio(overTransport("stdio")),
      [overTransport("sse")]: { url: `http://127.0.0.1:${sse}/sse` },
      [overTransport("streamable-http")]: {
        url: `http://127.0.0.1:${streamable}/mcp`,
      },
    };
  }

  /** Kills the server that answers with `pid`, and sees to it that there is another. */
  async replace(transport: BackendTransport, pid: number): Promise<void> {
    process.kill(pid, "SIGKILL");
    if (transport === "stdio") return;
    await this.#running.get(transport)?.[Symbol.asyncDispose]();
    await this.#start(transport);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#running.values()) {
      await server[Symbol.asyncDispose]();
    }
  }

  async #start(transport: Listening): Promise<void> {
    const args = [PROGRAM, transport, String(this.#ports[transport])];
    const ready = /^listening /;
    const env = { NAME: overTransport(transport) };
    const { server } = await ServerProcess.start({ args, ready, env });
    this.#running.set(transport, server);
  }
}

/** An entry of `mcpServers`. */
export function mortalOverStdio(name: string): Record<string, unknown> {
  return { command: "node", args: [PROGRAM, "stdio"], env: { NAME: name } };
}

/** Asks the server who it is and what it has been told. */
export async function stateOf(client: OfficialClient): Promise<State> {
  const { content } = await client.callTool("state");
  const [{ text }] = content as [{ text: string }];
  return JSON.parse(text);
}
