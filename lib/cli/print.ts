// Writing what was asked for to a standard stream.

import { standardStream } from "../runtime/standard_stream.ts";

/** Prints a text. A reader that went away (`mcp-front -help | head -1`) is not an error. */
export async function print(
  stream: "stdout" | "stderr",
  text: string,
): Promise<void> {
  try {
    await standardStream(stream)(new TextEncoder().encode(text));
  } catch (error) {
    if ((error as { code?: unknown }).code !== "EPIPE") throw error;
  }
}
