// A PostgreSQL of the test's own: its data in a folder of its own, on a free port of this machine, for one password.

import { randomBytes } from "node:crypto";
import { chownSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { freePort } from "./free_port.ts";
import type { PostgresqlPrograms } from "./postgresql_programs.ts";
import { run } from "./run.ts";
import { ServerProcess } from "./server_process.ts";
import { TemporaryFolder } from "./temporary_folder.ts";

const USER = "dev";
const PASSWORD_BYTES = 24;
const PREPARATION_LIMIT_MS = 60_000;
const PORT_ATTEMPTS = 5;

/** PostgreSQL does not run as root; this is the user `nobody`. */
const NOBODY = 65_534;
const AS_NOBODY = [
  "setpriv",
  `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`,
  "--clear-groups",
] as const;

/** Nothing has to survive, and nothing but the one address is listened on. */
const SETTINGS = {
  fsync: "off",
  jit: "off",
  lc_messages: "C",
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
} as const;

const READY = /database system is ready to accept connections/;
const PORT_TAKEN = /could not bind .*Address already in use/;

/** A running PostgreSQL; disposing of it ends it and removes its data. */
export class Postgresql implements AsyncDisposable {
  /** For `DATABASE_URL`. */
  readonly url: string;
  readonly password: string;
  readonly #folder: TemporaryFolder;
  readonly #server: ServerProcess;

  private constructor(
    { password, folder }: Prepared,
    { server, port }: Started,
  ) {
    this.password = password;
    this.url = `postgresql://${USER}:${password}@127.0.0.1:${port}/postgres`;
    this.#folder = folder;
    this.#server = server;
  }

  /**
   * Starts one whose database these statements were made in.
   * @param statements each on one line
   */
  static async start(
    programs: PostgresqlPrograms,
    statements: readonly string[],
  ): Promise<Postgresql> {
    const folder = await TemporaryFolder.create();
    try {
      const password = randomBytes(PASSWORD_BYTES).toString("hex");
      const prepared = { programs, folder, password };
      initialize(prepared);
      execute(prepared, statements);
      return new this(prepared, await serve(prepared));
    } catch (error) {
      await folder[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
  }
}

interface Prepared {
  readonly programs: PostgresqlPrograms;
  readonly folder: TemporaryFolder;
  readonly password: string;
}

interface Started {
  readonly server: ServerProcess;
  readonly port: number;
}

function initialize(prepared: Prepared): void {
  const { folder: { path }, password } = prepared;
  const passwordFile = join(path, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (isRoot()) {
    for (const owned of [path, passwordFile]) chownSync(owned, NOBODY, NOBODY);
  }
  const options = ["--auth=scram-sha-256", `--pwfile=${passwordFile}`];
  const quick = ["--encoding=UTF8", "--locale=C", "--no-sync"];
  const args = [`--username=${USER}`, ...options, ...quick];
  run(commandOf(prepared, "initdb", args), {
    ...surroundings(prepared),
    limitMs: PREPARATION_LIMIT_MS,
  });
}

/** In PostgreSQL's single-user mode, which needs no client and no port. */
function execute(prepared: Prepared, statements: readonly string[]): void {
  const args = ["--single", "-c", "exit_on_error=on", "postgres"];
  run(commandOf(prepared, "postgres", args), {
    ...surroundings(prepared),
    input: statements.map((statement) => `${statement}\n`).join(""),
    limitMs: PREPARATION_LIMIT_MS,
  });
}

/** PostgreSQL cannot be asked for a free port; one that was free may be taken before it starts. */
async function serve(prepared: Prepared): Promise<Started> {
  for (let attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
    const port = await freePort();
    const settings = Object.entries({ ...SETTINGS, port })
      .flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const [command, ...args] = commandOf(prepared, "postgres", settings);
    const { server, ready: [said] } = await ServerProcess.start({
      command,
      args,
      ...surroundings(prepared),
      ready: new RegExp(`${READY.source}|${PORT_TAKEN.source}`),
      end: "SIGINT",
    });
    if (READY.test(said)) return { server, port };
    await server[Symbol.asyncDispose]();
  }
  throw new Error(`${PORT_ATTEMPTS} free ports were taken by others`);
}

function commandOf(
  { programs: { bin } }: Prepared,
  program: "initdb" | "postgres",
  args: readonly string[],
): [string, ...string[]] {
  const command = join(bin, program);
  return isRoot() ? [...AS_NOBODY, command, ...args] : [command, ...args];
}

/** Its own folder is the one that it can enter whoever it runs as. */
function surroundings({ programs: { libraries }, folder: { path } }: Prepared) {
  const env = {
    PGDATA: join(path, "data"),
    LC_ALL: "C",
    ...(libraries.length > 0 && { LD_LIBRARY_PATH: libraries.join(":") }),
  };
  return { cwd: path, env };
}

function isRoot(): boolean {
  return userInfo().uid === 0;
}
