// `mcp-front token hash`: what stands in the configuration in place of a token.

import { hashText, isHash } from "../config/token_hash.ts";
import { flawOfToken, MIN_SAFE_TOKEN_LENGTH } from "../config/token_rules.ts";
import { standardInputText } from "../runtime/standard_input.ts";
import { isTyped } from "../runtime/terminal.ts";
import { CommandError, EXIT_CODES } from "./command_error.ts";
import type { ExitCode } from "./command_error.ts";
import { print } from "./print.ts";

/** More than this is no token. */
const MAX_INPUT_BYTES = 64 * 1024;

/** Reads a token from stdin and prints its hash. Throws a `CommandError` for what is no token or a short one, without repeating it. */
export async function hashToken(): Promise<ExitCode> {
  if (isTyped()) {
    await print("stderr", "The token, then Enter and Ctrl-D:\n");
  }
  const input = await standardInputText(MAX_INPUT_BYTES);
  const token = input.replace(/\r?\n$/, "");
  const flaw = input.length > MAX_INPUT_BYTES
    ? "found far more than a token"
    : flawOf(token);
  if (flaw !== undefined) {
    throw new CommandError(
      flaw,
      "mcp-front token new makes a good token, with its hash",
      EXIT_CODES.usage,
    );
  }
  await print("stdout", `${hashText(token)}\n`);
  return EXIT_CODES.done;
}

function flawOf(token: string): string | undefined {
  if (isHash(token)) return "found a hash already";
  const flaw = flawOfToken(token, new Set());
  if (flaw !== undefined) return flaw.message;
  if (token.length >= MIN_SAFE_TOKEN_LENGTH) return undefined;
  // Whoever has the hash of a short one can try all there are.
  return `found a token of ${token.length} characters, wanted ` +
    `${MIN_SAFE_TOKEN_LENGTH} or more`;
}
