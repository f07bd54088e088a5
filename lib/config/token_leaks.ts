// The gateway's own tokens must not reach a child: not by its environment, not by its arguments.

import { variableKey } from "./child_environment.ts";
import type { Path } from "./path.ts";
import type { Report } from "./report.ts";
import type { ServerDraft } from "./schema.ts";
import type { ServerContext } from "./server_context.ts";
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
  if (variable !== undefined && isTokenVariable(variable, context)) {
    tellTokenVariable(path, variable, report);
    return;
  }
  if (file !== undefined && tokens.files.has(file)) {
    const message = "found the file which a token is read from; no child may " +
      "have what it holds";
    report.error(path, message, { hint: HINT });
    return;
  }
  const name = value === undefined ? undefined : tokens.nameOfTokenIn(value);
  if (name !== undefined) tellTokenValue(path, name, report);
}

function refuseInherited(text: Text, context: ServerContext): void {
  const { value: name, path } = text;
  const { report, tokens } = context;
  if (name === undefined) return;
  if (isTokenVariable(name, context)) {
    tellTokenVariable(path, name, report);
    return;
  }
  for (const value of valuesOf(name, context)) {
    const token = tokens.nameOfTokenIn(value);
    if (token !== undefined) tellTokenValue(path, token, report);
  }
}

function tellTokenVariable(path: Path, name: string, report: Report): void {
  const message = `found the variable ${name}, which a token is read from; ` +
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

function isTokenVariable(
  name: string,
  { tokens, platform }: ServerContext,
): boolean {
  const key = variableKey(name, platform);
  return [...tokens.variables].some((variable) =>
    variableKey(variable, platform) === key
  );
}
