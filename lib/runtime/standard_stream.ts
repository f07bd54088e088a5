// Writing to standard output and standard error without ever blocking the event loop.

import { write } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { thisRuntime } from "./this_runtime.ts";

const RETRY_MS = 20;
const FILE_DESCRIPTORS = { stdout: 1, stderr: 2 } as const;

/** Who reads standard error: a person, or a file or program. */
export type StderrReader = "terminal" | "program";

/** Finds out who reads standard error. */
export async function stderrReader(): Promise<StderrReader> {
  // Loaded only now: it takes Bun as long as everything else at start.
  const { isatty } = await import("node:tty");
  return isatty(FILE_DESCRIPTORS.stderr) ? "terminal" : "program";
}

/**
 * A function that writes bytes to a standard stream. It resolves when all of them are taken,
 * however long the reader of the pipe needs, and rejects with `code: "EPIPE"` when the reader is gone.
 */
export function standardStream(
  stream: "stdout" | "stderr",
): (bytes: Uint8Array) => Promise<void> {
  const writeSome = thisRuntime() === "deno"
    ? (bytes: Uint8Array) => Deno[stream].write(bytes)
    : (bytes: Uint8Array) => writeTo(FILE_DESCRIPTORS[stream], bytes);
  return async (bytes) => {
    let rest = bytes;
    while (rest.length > 0) {
      rest = rest.subarray(await whenReady(() => writeSome(rest)));
    }
  };
}

/** A pipe that another process set to non-blocking answers EAGAIN while it is full. */
async function whenReady(writeSome: () => Promise<number>): Promise<number> {
  for (;;) {
    try {
      return await writeSome();
    } catch (error) {
      if ((error as { code?: unknown }).code !== "EAGAIN") throw error;
      await setTimeout(RETRY_MS);
    }
  }
}

// Not used on Deno, whose `write` on a standard stream blocks the event loop.
function writeTo(descriptor: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, 0, bytes.length, null, (error, written) => {
      if (error) reject(error);
      else resolve(written);
    });
  });
}
