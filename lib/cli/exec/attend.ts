// Runs the command, and passes on to it what mcp-front is told.

import { CommandProcess } from "../../runtime/command_process.ts";
import type { Interruptions } from "../../runtime/interruptions.ts";
import type { Log } from "../../telemetry/log.ts";
import { CommandError, EXIT_CODES } from "../command_error.ts";
import type { CommandWords } from "../command_words.ts";
import type { Summary } from "./summary.ts";

/** How long the command may take to end once mcp-front is told to. */
export const COMMAND_GRACE_MS = 5_000;

/** When a command ran, and how it ended. */
export type CommandEnd = Pick<Summary, "started" | "ended" | "exitCode">;

/** What is heard while it runs. */
export interface Attendance extends Omit<Interruptions, "insist"> {
  readonly log: Log;
}

/**
 * Runs a command to its end. A signal is passed on to it, and what is left of it after
 * `COMMAND_GRACE_MS`, or at a second signal, is killed. Throws a `CommandError` where it cannot be
 * started, and what `crash` gives; the command is gone then.
 */
export async function attend(
  words: CommandWords,
  environment: Readonly<Record<string, string>>,
  attendance: Attendance,
): Promise<CommandEnd> {
  const { log } = attendance;
  const started = new Date();
  const command = await startedOrExplained(words, environment);
  log.info("Command started", { pid: command.pid });
  try {
    const exitCode = await endOf(command, attendance);
    log.info("Command ended", { pid: command.pid, exit_code: exitCode });
    return { started, ended: new Date(), exitCode };
  } finally {
    await command.release();
  }
}

async function endOf(
  command: CommandProcess,
  { stop, next, crash }: Attendance,
): Promise<number> {
  const crashed = crash.then((error) => Promise.reject(error));
  let told = stop;
  for (;;) {
    const event = await Promise.race([command.ended, told, crashed]);
    if (typeof event === "number") return event;
    told = next();
    // What to do about it is then up to the command alone, as for a shell.
    if (command.hearsItself(event)) continue;
    const killed = told.then(() => command.kill());
    const ending = command.end(event, COMMAND_GRACE_MS);
    await Promise.race([ending, killed, crashed]);
    return await command.ended;
  }
}

async function startedOrExplained(
  words: CommandWords,
  environment: Readonly<Record<string, string>>,
): Promise<CommandProcess> {
  try {
    return await CommandProcess.start(words, environment);
  } catch (error) {
    const { code } = error as { code?: unknown };
    const [program] = words;
    if (code === "ENOENT") {
      throw new CommandError(
        `command "${program}" not found`,
        "install it, or write its path; a line for a shell is: sh -c 'LINE'",
        EXIT_CODES.notFound,
      );
    }
    throw new CommandError(
      `command "${program}" cannot be started (${code})`,
      "see whether it is a program that this user may run",
      EXIT_CODES.notRunnable,
    );
  }
}
