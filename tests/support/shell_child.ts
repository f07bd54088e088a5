// A shell script as a stdio backend.

import process from "node:process";
import type { Channel } from "../../lib/channel/channel.ts";
import { stdioBackend } from "../../lib/transports/backend/stdio.ts";
import type { StdioOptions } from "../../lib/transports/backend/stdio_options.ts";
import { logInto } from "./log_lines.ts";
import type { LogLine } from "./log_lines.ts";
import { openContext } from "./open_context.ts";

/** A running script and what is logged about it. */
export interface ShellChild extends AsyncDisposable {
  readonly channel: Channel;
  readonly lines: LogLine[];
}

/** Starts a script as the child of server `files`. */
export async function openShell(
  script: string,
  over: Partial<StdioOptions> = {},
): Promise<ShellChild> {
  const lines: LogLine[] = [];
  const options = {
    command: "sh",
    args: ["-c", script],
    env: { PATH: process.env.PATH ?? "" },
    cwd: process.cwd(),
    ...over,
  };
  const backend = stdioBackend("files", options, logInto(lines));
  const channel = await backend.open(openContext());
  return { channel, lines, [Symbol.asyncDispose]: () => channel.close() };
}

/** Everything the channel yields, and the error that ends it. */
export async function drain(channel: Channel) {
  const texts: string[] = [];
  try {
    for await (const { bytes } of channel) {
      texts.push(new TextDecoder().decode(bytes));
    }
  } catch (error) {
    return { texts, error: error as Error & { fault: string } };
  }
  return { texts, error: undefined };
}
