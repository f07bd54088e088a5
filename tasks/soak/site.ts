// Where a soak takes place: its folder, the servers over HTTP, and the configuration of the gateway.

import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { freePorts } from "./servers/free_ports.ts";
import { gatewayConfig } from "./gateway/gateway_config.ts";
import { isMarked, processes } from "./gateway/processes.ts";
import { Random } from "./plan/random.ts";
import { Remote } from "./servers/remote.ts";
import { REMOTES, SERVERS } from "./servers/servers.ts";
import type { RemoteName, SoakToken } from "./servers/servers.ts";
import type { Troubles } from "./servers/troubles.ts";

const TOKENS = 5;
const TOKEN_BYTES = 24;

/** The site of one run; its owner leaves it. */
export class Site {
  readonly folder = mkdtempSync(join(tmpdir(), "mcp-front-soak-"));
  /** Where servers note which calls they broke off. */
  readonly ran = join(this.folder, "ran");
  readonly config = join(this.folder, "config.json");
  readonly tokens: readonly SoakToken[];
  readonly remotes: readonly Remote[];
  readonly #mark = `soak-${randomBytes(8).toString("hex")}`;

  private constructor(
    clients: number,
    ports: Readonly<Record<RemoteName, number>>,
    troubles: Troubles,
  ) {
    mkdirSync(this.ran);
    this.tokens = Array.from({ length: TOKENS }, (_, index) => ({
      name: `token${index}`,
      value: randomBytes(TOKEN_BYTES).toString("base64url"),
    }));
    const env = this.env("remote");
    this.remotes = REMOTES.map((name) =>
      new Remote({ name, port: ports[name], env, troubles })
    );
    const { tokens } = this;
    writeFileSync(
      this.config,
      gatewayConfig({
        servers: SERVERS,
        tokens,
        clients,
        ports,
        env: this.env("child"),
      }),
    );
  }

  /** Prepares everything and starts nothing. */
  static async prepare(clients: number, troubles: Troubles): Promise<Site> {
    const random = new Random(`ports ${process.pid} ${Date.now()}`);
    const ports = await freePorts(REMOTES.length, random);
    const entries = REMOTES.map((name, index) => [name, ports[index]]);
    return new Site(clients, Object.fromEntries(entries), troubles);
  }

  /** What marks a process as one of this run: that of a role, or without one any. */
  mark(role?: "gateway" | "child" | "remote"): string {
    const mark = `SOAK_MARK=${this.#mark}`;
    return role === undefined ? mark : `${mark}-${role}`;
  }

  /** The environment that marks a process. */
  env(role: "gateway" | "child" | "remote"): Record<string, string> {
    return { SOAK_MARK: `${this.#mark}-${role}`, SOAK_RAN: this.ran };
  }

  /** Ends the servers over HTTP. */
  async stopRemotes(): Promise<void> {
    await Promise.all(this.remotes.map((remote) => remote.stop()));
  }

  /** Ends every process that is left, also those that should not be; keeps the folder on request. */
  async leave(folder: "keep" | "remove"): Promise<void> {
    await this.stopRemotes();
    for (const { pid } of processes()) {
      if (isMarked(pid, this.mark())) process.kill(pid, "SIGKILL");
    }
    if (folder === "remove") rmSync(this.folder, { recursive: true });
    else rmSync(this.config);
  }
}
