// Published servers of different kinds over all transports, to stand behind one root endpoint.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { connectOfficial } from "./connect_official.ts";
import type { Sdk } from "./connect_official.ts";
import { THIS_RUNTIME } from "./database_process.ts";
import type { OfficialClient, Target } from "./official_client.ts";
import { commandOf } from "./program.ts";
import { installed, startEverything } from "./reference_servers.ts";
import type { Servers } from "./servers.ts";
import { TemporaryFolder } from "./temporary_folder.ts";
import type { Behind } from "./world.ts";

/** The names of those that are the same server, in the order of the file. */
export const EVERYTHING = ["every-stdio", "every-sse", "every-http"] as const;

type Process = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

/** They work in one folder, which disposing of them removes. */
export class MixedServers implements Behind {
  /** Where the file server and the memory keep their files. */
  readonly path: string;
  /** In the order of the file. */
  readonly mcpServers: Readonly<Record<string, unknown>>;
  readonly #folder: TemporaryFolder;
  readonly #everything: Servers;
  readonly #targets: ReadonlyMap<string, Target>;
  readonly #direct = new Map<Sdk, Promise<Map<string, OfficialClient>>>();

  private constructor(folder: TemporaryFolder, everything: Servers) {
    this.#folder = folder;
    this.#everything = everything;
    const { path } = folder;
    this.path = path;
    const [command, ...args] = commandOf(THIS_RUNTIME);
    const stdio: Readonly<Record<string, Process>> = {
      files: { command: "node", args: [installed("filesystem"), path] },
      memory: {
        command: "node",
        args: [installed("memory")],
        env: { MEMORY_FILE_PATH: join(path, "memory.jsonl") },
      },
      database: { command, args: [...args, "demo", "database"] },
    };
    const [overStdio, overSse, overHttp] = Object.values(
      everything.mcpServers,
    );
    this.mcpServers = {
      files: stdio.files,
      [EVERYTHING[0]]: overStdio,
      [EVERYTHING[1]]: overSse,
      memory: stdio.memory,
      [EVERYTHING[2]]: overHttp,
      database: stdio.database,
    };
    const { direct } = everything;
    const targets: Readonly<Record<string, Target>> = {
      files: { transport: "stdio", ...stdio.files as Process },
      [EVERYTHING[0]]: direct.stdio,
      [EVERYTHING[1]]: direct.sse,
      memory: { transport: "stdio", ...stdio.memory as Process },
      [EVERYTHING[2]]: direct["streamable-http"],
      database: { transport: "stdio", ...stdio.database as Process },
    };
    this.#targets = new Map(Object.entries(targets));
  }

  static async start(): Promise<MixedServers> {
    const folder = await TemporaryFolder.create();
    writeFileSync(join(folder.path, "first.txt"), "ünï↯😀\r\nsecond line\n");
    return new this(folder, await startEverything());
  }

  /** The roots of a client that works in the folder. */
  get roots() {
    return [{ uri: pathToFileURL(this.path).href, name: "work" }];
  }

  /** Clients that reach the servers without a gateway, in the order of the file. */
  direct(sdk: Sdk): Promise<Map<string, OfficialClient>> {
    const known = this.#direct.get(sdk) ?? this.#connect(sdk);
    this.#direct.set(sdk, known);
    return known;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const clients of this.#direct.values()) {
      for (const client of (await clients).values()) {
        await client[Symbol.asyncDispose]();
      }
    }
    await this.#everything[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }

  async #connect(sdk: Sdk): Promise<Map<string, OfficialClient>> {
    const clients = new Map<string, OfficialClient>();
    for (const [name, target] of this.#targets) {
      const { roots } = this;
      clients.set(name, await connectOfficial(sdk, target, { roots }));
    }
    return clients;
  }
}
