// The gateway's own tokens and its client secret must not reach a child: not by its environment, not by its arguments.

import { variableKey } from "./child_environment.ts";
import type { Path } from "./path.ts";
import type { Report } from "./report.ts";
import type { ServerDraft } from "./schema.ts";
import type { ServerContext } from "./server_context.ts";
import type { SecretKind } from "./token_table.ts";
import type { Text } from "./text.ts";

const HINT = "the server gets its own credentials, by another variable";

/** Makes every way by which the server with a command would get a token a problem. */
export function refuseTokens(draft: ServerDraft, context: ServerContext): void {
  const { command, cwd, args = [], env = {}, inheritEnv = [] } = draft;
  for (const text of [command, cwd, ...args, ...Object.values(env)]) {
    if (text !== undefined) refuseToken(text, context);
  }
  for (const text of inheritEnv) refuseInherited(text, context);
}

function refuseToken(text: Text, context: ServerContext): void {
  const { value, variable, file, path } = text;
  const { report, tokens } = context;
  const kind = variable && secretIn(variable, context);
  if (variable && kind) {
    tellVariable(path, variable, kind, report);
    return;
  }
  const held = file && tokens.files.get(file);
  if (held) {
    const message = `found the file which ${held} is read from; no child may ` +
      "have what it holds";
    report.error(path, message, { hint: HINT });
    return;
  }
  if (value !== undefined) refuseValue(value, path, context);
}

function refuseValue(
  value: string,
  path: Path,
  { report, tokens }: ServerContext,
): void {
  const name = tokens.nameOfTokenIn(value);
  if (name !== undefined) tellTokenValue(path, name, report);
  if (!tokens.hasClientSecretIn(value)) return;
  report.error(path, "found the client secret; no child may have it", {
    hint: HINT,
  });
}

function refuseInherited(text: Text, context: ServerContext): void {
  const { value: name, path } = text;
  if (name === undefined) return;
  const kind = secretIn(name, context);
  if (kind !== undefined) {
    tellVariable(path, name, kind, context.report);
    return;
  }
  for (const value of valuesOf(name, context)) {
    refuseValue(value, path, context);
  }
}

function tellVariable(
  path: Path,
  name: string,
  kind: SecretKind,
  report: Report,
): void {
  const message = `found the variable ${name}, which ${kind} is read from; ` +
    "no child may have it";
  report.error(path, message, { hint: HINT });
}

function tellTokenValue(path: Path, name: string, report: Report): void {
  const message = `found the value of the token ${report.quoteKey(name)}; ` +
    "no child may have it";
  report.error(path, message, { hint: HINT });
}

/** What a variable holds: on Windows more than one spelling of it may be set. */
function valuesOf(
  name: string,
  { environment, platform }: ServerContext,
): string[] {
  if (environment === "unknown") return [];
  const key = variableKey(name, platform);
  return Object.entries(environment).flatMap(([variable, value]) =>
    value !== undefined && variableKey(variable, platform) === key
      ? [value]
      : []
  );
}

/** What is read from this variable. */
function secretIn(
  name: string,
  { tokens, platform }: ServerContext,
): SecretKind | undefined {
  const key = variableKey(name, platform);
  const found = [...tokens.variables].find(([variable]) =>
    variableKey(variable, platform) === key
  );
  return found?.[1];
}
