// A server with a `command`: the program, its arguments, its folder and its environment.

import { posix, win32 } from "node:path";
import type { StdioOptions } from "../transports/backend/stdio_options.ts";
import { childEnvironment } from "./child_environment.ts";
import type { Path } from "./path.ts";
import type { Report } from "./report.ts";
import type { ServerDraft } from "./schema.ts";
import type { ServerContext } from "./server_context.ts";
import type { Text } from "./text.ts";
import { refuseTilde } from "./tilde.ts";
import { refuseTokens } from "./token_leaks.ts";

const REMOTE_ONLY = ["ca", "headers", "transport"] as const;
const VARIABLE_NAME = /^[A-Za-z_][\w()]*$/;

/** How to start the server at `path`; what could not be read is a problem and left empty. */
export function readStdioServer(
  draft: ServerDraft,
  path: Path,
  context: ServerContext,
): StdioOptions {
  const { report, platform, environment, tokens } = context;
  refuseRemoteKeys(draft, path, report);
  refuseTokens(draft, context);
  const texts = [draft.command, draft.cwd, ...draft.args ?? []];
  for (const text of texts) refuseNul(text, report);
  return {
    command: readCommand(draft, context),
    args: (draft.args ?? []).map((text) => text.value ?? ""),
    env: childEnvironment({
      environment: environment === "unknown" ? {} : environment,
      platform,
      env: readVariables(draft, path, report),
      inheritEnv: readInherited(draft, report),
      tokens,
    }),
    cwd: readFolder(draft.cwd, context),
  };
}

function refuseRemoteKeys(
  draft: ServerDraft,
  path: Path,
  report: Report,
): void {
  for (const key of REMOTE_ONLY) {
    if (draft[key] === undefined) continue;
    report.error([...path, key], `"${key}" is for servers with a url`, {
      at: "key",
      hint: key === "headers"
        ? 'a command gets secrets by "env"'
        : "leave it out: a command is always spoken to by stdin and stdout",
    });
  }
  const { type } = draft;
  if (type?.value === undefined || type.value === "stdio") return;
  report.error(
    type.path,
    `found ${report.quote(type)}, wanted "stdio": the server has a command`,
  );
}

function readCommand(draft: ServerDraft, context: ServerContext): string {
  const { command: text, args } = draft;
  const { report, platform, directory } = context;
  const command = text?.value;
  if (text === undefined || command === undefined) return "";
  if (command.trim() === "") {
    report.error(text.path, "found an empty command, wanted a program");
  }
  const { sep } = pathsOf(platform);
  if (!command.includes("/") && !command.includes(sep)) {
    if (/\S\s+\S/.test(command) && args === undefined) {
      report.warn(text.path, "found white space in the name of the program", {
        hint: 'put what follows the program into "args"',
      });
    }
    return command;
  }
  refuseTilde(text, report);
  return pathsOf(platform).resolve(directory, command);
}

function readFolder(
  text: Text | undefined,
  { directory, platform, report }: ServerContext,
): string {
  if (text?.value === undefined) return directory;
  refuseTilde(text, report);
  return pathsOf(platform).resolve(directory, text.value);
}

function readVariables(
  { env }: ServerDraft,
  path: Path,
  report: Report,
): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const [name, text] of Object.entries(env ?? {})) {
    if (name === "" || /[=\0]/.test(name)) {
      report.error([...path, "env", name], "found no name of a variable", {
        at: "key",
        hint: 'write the name alone as the key: "NAME": "value"',
      });
    }
    refuseNul(text, report);
    variables.set(name, text.value ?? "");
  }
  return variables;
}

function readInherited(
  { inheritEnv = [] }: ServerDraft,
  report: Report,
): string[] {
  return inheritEnv.flatMap((text) => {
    if (text.value === undefined) return [];
    if (VARIABLE_NAME.test(text.value)) return [text.value];
    report.error(
      text.path,
      `found ${report.quote(text)}, wanted the name of a variable`,
    );
    return [];
  });
}

function refuseNul(text: Text | undefined, report: Report): void {
  if (!text?.value?.includes("\0")) return;
  report.error(text.path, "found a NUL character, which no program can take", {
    hint: "take it out",
  });
}

function pathsOf(platform: string): typeof posix {
  return platform === "win32" ? win32 : posix;
}
