// Why a child could not be started, in words that say what to change.

import { statSync } from "node:fs";
import { GatewayError } from "../../errors.ts";
import { OWN_NAME } from "./stdio_options.ts";
import type { StdioOptions } from "./stdio_options.ts";

/** What the system reported, as a `backend_unavailable` that names the server and its command. */
export function startFailure(
  name: string,
  options: StdioOptions,
  error: unknown,
): GatewayError {
  const { command, cwd } = options;
  const code = codeOf(error);
  const [why, hint] = explain(code, command, cwd);
  return new GatewayError(
    "backend_unavailable",
    `Server "${name}" cannot be started: ${why}`,
    { hint, fields: { server: name, command, cwd, code } },
  );
}

function explain(code: string, command: string, cwd: string): [string, string] {
  // The system says ENOENT for a missing folder as well as for a missing program.
  if (!isFolder(cwd)) {
    return [
      `the folder it should run in does not exist (command "${command}")`,
      `Create it, or correct "cwd"`,
    ];
  }
  if (code === "ENOENT" && command === OWN_NAME) {
    return [
      "the file of the gateway's own program is gone",
      "Start the gateway again: its file was moved or replaced while it ran",
    ];
  }
  if (code === "ENOENT") {
    return [
      `command "${command}" not found`,
      `Install it, or give its full path; it is looked for on the PATH of the server's environment`,
    ];
  }
  if (code === "EACCES") {
    return [
      `command "${command}" may not be executed`,
      "Check the permissions of the file",
    ];
  }
  return [`command "${command}" failed with ${code}`, `Check "command"`];
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : "an unknown error";
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
