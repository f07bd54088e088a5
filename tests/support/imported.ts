// Imports the servers of clients from files in a home of a test's own, and has the outcome checked as a configuration.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "jsonc-parser";
import { IMPORTABLE_NAMES } from "../../lib/cli/import/importable.ts";
import type { ImportableName } from "../../lib/cli/import/importable.ts";
import { importSummary } from "../../lib/cli/import/summary.ts";
import { takeOver } from "../../lib/cli/import/take_over.ts";
import type { TakenOver } from "../../lib/cli/import/take_over.ts";
import { STARTER_TOKEN, starterText } from "../../lib/cli/init/starter_text.ts";
import { makeToken } from "../../lib/cli/make_token.ts";
import { readConfig } from "../../mod.ts";
import { TemporaryFolder } from "./temporary_folder.ts";

/** What is on the machine. */
export interface Machine {
  /** Texts of files by their paths in the home; `HOME` in them is the home itself. */
  readonly files: Readonly<Record<string, string>>;
  /** By default `linux`. */
  readonly platform?: string;
  /** In the home; by default `project`. */
  readonly folder?: string;
  /** The folder of the configuration, in the home; by default the current one. */
  readonly configFolder?: string;
  readonly clients?: readonly ImportableName[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** What came of it. */
export interface Imported extends TakenOver {
  readonly home: string;
  /** What a person reads. */
  readonly summary: string;
  /** `mcpServers` of the file, as it was written; the home in it is `HOME`. */
  readonly mcpServers: Readonly<
    Record<string, Readonly<Record<string, unknown>>>
  >;
}

/** Imports; fails where the outcome is no valid configuration, or where a file was changed. */
export async function importFrom(machine: Machine): Promise<Imported> {
  await using home = await TemporaryFolder.create();
  const { files, platform = "linux", clients = IMPORTABLE_NAMES } = machine;
  const folder = join(home.path, machine.folder ?? "project");
  mkdirSync(folder, { recursive: true });
  const written = Object.entries(files).map(([name, text]) => {
    const path = join(home.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text.replaceAll("HOME", home.path));
    return { path, before: readFileSync(path, "utf8") };
  });
  const configFolder = machine.configFolder === undefined
    ? folder
    : join(home.path, machine.configFolder);
  const taken = await takeOver({
    clients,
    where: {
      platform,
      home: home.path,
      folder,
      environment: machine.environment ?? {},
    },
    configFolder,
    token: STARTER_TOKEN,
  });
  for (const { path, before } of written) {
    assert.equal(readFileSync(path, "utf8"), before);
  }
  const mcpServers = taken.servers.length === 0
    ? {}
    : checked(taken, configFolder, home.path);
  const summary = importSummary(taken).replaceAll(home.path, "HOME");
  return { ...taken, home: home.path, summary, mcpServers };
}

function checked(
  { text }: TakenOver,
  directory: string,
  home: string,
): Imported["mcpServers"] {
  const commands = ["mcp-front check", "mcp-front"] as const;
  const whole = starterText({ commands, token: makeToken(), servers: text });
  const { problems } = readConfig(whole, {
    file: "config.jsonc",
    directory,
    environment: "unknown",
    platform: "linux",
  });
  assert.deepEqual(problems, []);
  return parse(whole.replaceAll(home, "HOME")).mcpServers;
}
