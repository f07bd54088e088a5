// Writing what was asked for to a standard stream.

import { CommandError, EXIT_CODES } from "./command_error.ts";
import { standardStream } from "../runtime/standard_stream.ts";

/** Prints a text. A reader that went away (`mcp-front -help | head -1`) is not an error. Throws a `CommandError` where stdout cannot take what was asked for. */
export async function print(
  stream: "stdout" | "stderr",
  text: string,
): Promise<void> {
  try {
    await standardStream(stream)(new TextEncoder().encode(text));
  } catch (error) {
    const { code } = error as { code?: unknown };
    // Where nobody can be told, the exit code still says how it ended.
    if (code === "EPIPE" || stream === "stderr") return;
    throw new CommandError(
      `cannot write to ${stream} (${code})`,
      "see where it leads, and whether there is room",
      EXIT_CODES.failed,
    );
  }
}
