// Loads a config file from disk.

import { platform } from "node:os";
import { dirname, resolve } from "node:path";
import type { AccessRules } from "./access_rules.ts";
import type { Config } from "./config.ts";
import { readEntrance } from "./entrance.ts";
import type { Entrance } from "./entrance.ts";
import { ConfigError } from "./problems.ts";
import type { Problem } from "./problems.ts";
import { readConfig } from "./read.ts";
import { readFile } from "./read_file.ts";
import type { ReadOptions, ReadOutcome } from "./read.ts";
import { readSource } from "./source.ts";
import type { Environment } from "./values.ts";

/** A configuration, and what its operator should know about it. */
export interface LoadedConfig {
  /** The configuration, ready for `createGateway`. */
  readonly config: Config;
  /** What is not wrong, but may not be meant. */
  readonly warnings: readonly Problem[];
  /** The absolute paths of the files that it names: by `$file:`, and those of certificates and keys. */
  readonly files: readonly string[];
}

/**
 * Reads, checks and resolves a file. `environment` is where `$env:` looks and what children inherit from.
 * Throws a `ConfigError` with every problem, also where the file cannot be read.
 */
export async function loadConfig(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<LoadedConfig> {
  const text = await readSource(file);
  const { config, problems, files } = read(text, file, environment);
  if (config === undefined) throw new ConfigError(problems, files);
  return { config, warnings: problems, files };
}

/** A configuration whose tokens need not be there, and what it says besides. */
export interface LoadedWithoutTokens extends LoadedConfig, LoadedRules {
  /** All variables of the environment that the file names, whether or not they are set. */
  readonly variables: ReadonlySet<string>;
}

/** What `loadConfig` gives, also where the variables and files that tokens are read from are not there: `config.tokens` lacks these, and `proxy.tls` is not looked at. */
export async function loadWithoutTokens(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<LoadedWithoutTokens> {
  const options = optionsFor(file, environment);
  const { config, rules, problems, files, variables } = readConfig(
    await readSource(file),
    { ...options, entry: "unneeded" },
  );
  if (!config || !rules || !variables) throw new ConfigError(problems);
  return { config, rules, warnings: problems, files, variables };
}

/**
 * Everything wrong with a file, without its variables being set: what depends on one is not looked at.
 * Never throws for what is in the file or that it cannot be read.
 */
export async function checkConfig(file: string): Promise<readonly Problem[]> {
  try {
    return read(await readSource(file), file, "unknown").problems;
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** The rules of a file, and what its operator should know about it. */
export interface LoadedRules {
  readonly rules: AccessRules;
  /** What is not wrong, but may not be meant. */
  readonly warnings: readonly Problem[];
}

/**
 * Who may use what by the rules of a file, also where variables that it names are not set and files are not there.
 * Throws a `ConfigError` with every problem besides that, also where the file cannot be read.
 */
export async function loadRules(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<LoadedRules> {
  return rulesIn(await readSource(file), file, environment);
}

/** The rules of a file, and where clients find its gateway. */
export interface LoadedEntrance extends LoadedRules {
  readonly entrance: Entrance;
}

/** What `loadRules` gives, and where clients find the gateway: the variables and files that say it have to be there. */
export async function loadEntrance(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<LoadedEntrance> {
  const text = await readSource(file);
  const loaded = rulesIn(text, file, environment);
  const entrance = readEntrance(text, optionsFor(file, environment));
  return { ...loaded, entrance };
}

function rulesIn(
  text: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): LoadedRules {
  const whole = read(text, file, environment);
  const { rules, problems } = whole.rules ? whole : read(text, file, "unknown");
  if (rules === undefined) throw new ConfigError(problems);
  return { rules, warnings: problems };
}

function read(
  text: string,
  file: string,
  environment: Environment,
): ReadOutcome {
  return readConfig(text, optionsFor(file, environment));
}

function optionsFor(file: string, environment: Environment): ReadOptions {
  return {
    file,
    directory: dirname(resolve(file)),
    environment,
    readFile,
    platform: platform(),
    now: new Date(),
  };
}
