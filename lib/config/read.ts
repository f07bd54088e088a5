// From the text of a config file to the configuration, or to everything that is wrong with it.

import { openRulesOf, rulesOf } from "./access_rules.ts";
import type { AccessRules } from "./access_rules.ts";
import { readKind } from "./auth_kind.ts";
import type { Config, ServerConfig } from "./config.ts";
import { parseDocument } from "./document.ts";
import type { DocumentNode } from "./document.ts";
import type { FileReader } from "./file_reading.ts";
import { keysAt } from "./document_lookup.ts";
import { warnOfListener } from "./listener_warnings.ts";
import { isClientSecretPath } from "./oauth/introspection.ts";
import { readOAuth, wholeOAuth } from "./oauth/read_oauth.ts";
import type { FoundOAuth } from "./oauth/read_oauth.ts";
import type { Path } from "./path.ts";
import type { Problem } from "./problems.ts";
import { readProxy } from "./proxy.ts";
import { ReferencedFiles } from "./referenced_files.ts";
import { Report } from "./report.ts";
import type { FileDraft } from "./schema.ts";
import { readScopes } from "./scopes.ts";
import { readServers } from "./servers.ts";
import type { FoundServer } from "./servers.ts";
import { readShape } from "./shape.ts";
import { readTls } from "./tls.ts";
import {
  concealSecrets,
  isTokenPath,
  readTokens,
  TOKENS_PATH,
} from "./tokens.ts";
import { readValue } from "./values.ts";
import type { Environment } from "./values.ts";
import { namedVariables } from "./variables.ts";

/** The surroundings of a config file. */
export interface ReadOptions {
  /** The file as the operator named it; problems begin with it. */
  readonly file: string;
  /** The folder of the file, absolute: relative paths begin there. */
  readonly directory: string;
  /** Where `$env:` looks; `unknown` to check a file without its variables being set or its files being there. */
  readonly environment: Environment;
  /** How files that it names are read; absent where nothing can be read, so that each is a problem. Not called where the environment is `unknown`. */
  readonly readFile?: FileReader;
  /** As `process.platform` has it. */
  readonly platform: string;
  /** Whether that by which clients come in has to be there: the variables and files of tokens and of the client secret, and `proxy.tls`; absent: it has to. */
  readonly entry?: "wanted" | "unneeded";
  /** Which tokens have expired or soon will is told by it; absent where that is not to be told. */
  readonly now?: Date;
}

/** What became of a text. */
export interface ReadOutcome {
  /** Present when there is no error and the environment is known. */
  readonly config?: Config;
  /** Who may use what; present when there is no error. */
  readonly rules?: AccessRules;
  /** Errors and warnings in the order of the file. */
  readonly problems: readonly Problem[];
  /** The absolute paths of all files that it names and that were read, or were to be: what the outcome depends on besides. */
  readonly files: readonly string[];
  /** All variables that it names, by `$env:` or `inheritEnv`, whether or not they are set; present when there is no error. */
  readonly variables?: ReadonlySet<string>;
}

/** The version of the format. */
export const VERSION = "1.0";

/** Reads a config. Pure: it looks at nothing but its arguments. */
export function readConfig(text: string, options: ReadOptions): ReadOutcome {
  const { root, flaws } = parseDocument(text);
  const report = new Report(options.file, root);
  for (const flaw of flaws) report.flaw(flaw);
  const references = new ReferencedFiles(options.directory, options.readFile);
  const found = root && readRoot(root, options, report, references);
  const problems = report.problems();
  const files = references.paths;
  if (found === undefined || report.failed) return { problems, files };
  const { rules, variables } = found;
  return options.environment === "unknown"
    ? { rules, variables, problems, files }
    : { ...found, problems, files };
}

/** What is found in a file. */
interface Found {
  readonly config?: Config;
  readonly rules: AccessRules;
  readonly variables: ReadonlySet<string>;
}

function readRoot(
  root: DocumentNode,
  options: ReadOptions,
  report: Report,
  files: ReferencedFiles,
): Found | undefined {
  const { environment } = options;
  const isNobodyLetIn = options.entry === "unneeded";
  const mayBeMissing = isNobodyLetIn ? isEntrySecret : undefined;
  const value = readValue(root, [], {
    report,
    environment,
    files,
    mayBeMissing,
  });
  concealSecrets(value, report);
  const file = readShape(value, report);
  if (file === undefined) return undefined;
  checkVersion(file, report);
  const tlsDraft = isNobodyLetIn ? undefined : file.proxy?.tls;
  const tls = readTls(tlsDraft, { ...options, report, files });
  const { address, ...settings } = readProxy(file.proxy, report);
  const keys = keysAt(root, TOKENS_PATH);
  const auth = readKind(file.proxy?.auth, report);
  const tokens = readTokens(file, keys, auth.kind, report, options.now);
  const names = keysAt(root, ["mcpServers"]);
  const { baseUrl, limits } = settings;
  const oauth = readOAuth(file, {
    report,
    auth,
    tokens,
    baseUrl,
    servers: names,
  });
  const context = { ...options, report, files, auth, tokens, limits };
  const servers = readServers(file, names, context);
  const scopes = readScopes(file, names, context);
  const access = { tokens: tokens.tokens, scopes, servers, oauth };
  const rules = environment === "unknown"
    ? openRulesOf(file, tokens, access)
    : rulesOf(tokens, access);
  const variables = namedVariables(value, file);
  // What only a variable tells is no problem of the rules.
  if (address === undefined) return { rules, variables };
  const protocol = file.proxy?.tls === undefined ? "http" : "https";
  warnOfListener({ address, protocol, baseUrl, tokens }, report);
  const reachable = servers.filter(isReachable);
  const listener = { address, ...(tls && { tls }) };
  const config = {
    ...settings,
    ...listener,
    tokens: tokens.tokens,
    scopes,
    servers: reachable,
    ...withOAuth(oauth),
  };
  return { config, rules, variables };
}

/** By which clients come in, or by which the gateway asks who they are. */
function isEntrySecret(path: Path): boolean {
  return isTokenPath(path) || isClientSecretPath(path);
}

function withOAuth(found: FoundOAuth | undefined): Pick<Config, "oauth"> {
  const oauth = wholeOAuth(found);
  return oauth === undefined ? {} : { oauth };
}

function isReachable(server: FoundServer): server is ServerConfig {
  return server.backend !== undefined;
}

function checkVersion({ version }: FileDraft, report: Report): void {
  if (version?.value === undefined || version.value === VERSION) return;
  report.error(
    version.path,
    `found ${report.quote(version)}, wanted "${VERSION}"`,
  );
}
