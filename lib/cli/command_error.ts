// Why a command did not do what it was asked to, in words for the operator.

import { escapeInvisible } from "../telemetry/loggable.ts";
import type { Palette } from "./palette.ts";

/** How a process ends. */
export const EXIT_CODES = {
  done: 0,
  failed: 1,
  /** Wrong arguments, or a configuration that cannot be used. */
  usage: 2,
  /** A server that is needed cannot be used. */
  unready: 3,
  /** What shells show for a command that cannot be run. */
  notRunnable: 126,
  /** What shells show for a command that is not found. */
  notFound: 127,
} as const;

/** One of the exit codes. */
export type ExitCode = typeof EXIT_CODES[keyof typeof EXIT_CODES];

/** Ends a command; the operator reads `error: message` and `hint: hint`. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly hint: string;
  readonly exitCode: ExitCode;

  constructor(message: string, hint: string, exitCode: ExitCode) {
    super(message);
    this.hint = hint;
    this.exitCode = exitCode;
  }

  /** The error as it is printed: one line for what is wrong, one for what to do. */
  text(paint: Palette): string {
    // What was typed is quoted in them: it must not forge lines or drive the terminal.
    const [message, hint] = [this.message, this.hint].map(escapeInvisible);
    return `mcp-front: ${paint("error", "error:")} ${message}\n` +
      `mcp-front: ${paint("hint", "hint:")} ${hint}\n`;
  }
}
