// `mcp-front init`: a configuration that works as it is, with a token of its own.

import { existsSync } from "node:fs";
import { homedir, platform } from "node:os";
import { dirname, resolve } from "node:path";
import { calledAs } from "../runtime/this_program.ts";
import { escapeInvisible } from "../telemetry/loggable.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import type { ExitCode } from "./command_error.ts";
import { DEFAULT_FILES } from "./config_file.ts";
import { importableNames } from "./import/importable.ts";
import {
  importSummary,
  nothingFound,
  variableLines,
} from "./import/summary.ts";
import { takeOver } from "./import/take_over.ts";
import type { TakenOver } from "./import/take_over.ts";
import { STARTER_TOKEN, starterText } from "./init/starter_text.ts";
import { fileExists, writeNew } from "./init/write_new.ts";
import { makeToken } from "./make_token.ts";
import { print } from "./print.ts";
import { shellWord } from "./shell_word.ts";
import type { Surroundings } from "./surroundings.ts";

/** What to write, and where. */
export interface InitOptions {
  /** The config file; absent: the first that is found by itself. */
  readonly file?: string;
  /** A sample, or the servers of the clients of this machine. */
  readonly servers: "sample" | "imported";
  /** The clients of interest, with commas between them; absent: all. */
  readonly client?: string;
}

/** Commands to go on with. */
interface NextCommands {
  readonly check: string;
  readonly run: string;
  readonly connect: string;
}

/** Writes the file, which must not exist yet, and says what to do next. Throws a `CommandError`. */
export async function init(
  { file: named, servers, client }: InitOptions,
  { environment }: Surroundings,
): Promise<ExitCode> {
  const file = named ?? usualFile();
  if (existsSync(file)) throw fileExists(file);
  const taken = servers === "imported"
    ? await imported(file, client, environment)
    : withoutClient(client);
  const hasServers = taken !== undefined && taken.servers.length > 0;
  const token = makeToken();
  const commands = nextCommands(named);
  await writeNew(
    file,
    starterText({
      commands: [commands.check, commands.run],
      token,
      ...(hasServers && { servers: taken.text }),
    }),
  );
  const found = taken === undefined ? "" : tidings(taken);
  const next = hasServers
    ? importedNext(taken, commands, environment)
    : sampleNext(commands);
  await print("stdout", `${written(file, taken)}${found}${once(token)}${next}`);
  await tellSecrets(file, taken);
  return EXIT_CODES.done;
}

async function imported(
  file: string,
  client: string | undefined,
  environment: Surroundings["environment"],
): Promise<TakenOver> {
  return await takeOver({
    clients: importableNames(client),
    where: {
      platform: platform(),
      home: homedir(),
      folder: resolve("."),
      environment,
    },
    configFolder: dirname(resolve(file)),
    token: STARTER_TOKEN,
  });
}

function withoutClient(client: string | undefined): undefined {
  if (client === undefined) return;
  throw new CommandError(
    "-client says from which client servers are imported",
    `write mcp-front init -import -client ${client}`,
    EXIT_CODES.usage,
  );
}

/** The first of the files that are found by themselves. None of them may be there: it would be passed over from now on. */
function usualFile(): string {
  const existing = DEFAULT_FILES.find((name) => existsSync(name));
  if (existing !== undefined) throw fileExists(existing);
  return DEFAULT_FILES[0];
}

function nextCommands(named: string | undefined): NextCommands {
  const program = shellWord(calledAs());
  const option = named === undefined ? "" : ` ${configOption(named)}`;
  return {
    check: escapeInvisible(`${program} check${option}`),
    run: escapeInvisible(`${program}${option}`),
    connect: escapeInvisible(`${program} connect${option}`),
  };
}

function configOption(file: string): string {
  const separator = file.startsWith("-") ? "=" : " ";
  return `-config${separator}${shellWord(file)}`;
}

function written(file: string, taken: TakenOver | undefined): string {
  const count = taken?.servers.length ?? 0;
  const many = count === 1 ? "1 server" : `${count} servers`;
  const what = count === 0 ? "a sample database" : many;
  return `${escapeInvisible(file)} is written: ${what} behind the token ` +
    `"${STARTER_TOKEN}".\n`;
}

function tidings(taken: TakenOver): string {
  const none = taken.servers.length === 0 ? nothingFound(taken) : "";
  return `\n${none}${importSummary(taken)}`;
}

function once(token: string): string {
  return `\
The token is shown only this once, as the file has nothing but its hash:

    ${token}

`;
}

function sampleNext({ check, run }: NextCommands): string {
  return `\
What to do next:

  ${check}
  ${run}
`;
}

function importedNext(
  taken: TakenOver,
  { check, run, connect }: NextCommands,
  environment: Surroundings["environment"],
): string {
  const lines = [...variableLines(taken, environment), check, run];
  return `\
What to do next:

${lines.map((line) => `  ${line}\n`).join("")}
Then take these servers out of the clients, and put the gateway in. What each
of them wants, this prints:

  ${connect}
`;
}

/** They were in the open before; that they still are is said, as one line. */
async function tellSecrets(
  file: string,
  taken: TakenOver | undefined,
): Promise<void> {
  const { secrets = [] } = taken ?? {};
  if (secrets.length === 0) return;
  const line = `mcp-front: note: ${file} holds secrets as the clients' files ` +
    `do, readable for you alone: ${secrets.join(", ")}; ` +
    `to keep them elsewhere, write "$env:NAME" or "$file:PATH" instead`;
  await print("stderr", `${escapeInvisible(line)}\n`);
}
