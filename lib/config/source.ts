// The text of a config file, within its bounds, or why it cannot be had.

import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { faultHint, fileFault } from "./file_faults.ts";
import { ConfigError } from "./problems.ts";

/** A larger file is no config. */
export const MAX_CONFIG_BYTES = 10 * 1024 * 1024;

const CHUNK_BYTES = 64 * 1024;

/** Reads a UTF-8 file; throws a `ConfigError` with one problem at 1:1 where that fails. */
export async function readSource(file: string): Promise<string> {
  const bytes = await readBytes(file);
  if (bytes.length > MAX_CONFIG_BYTES) {
    const message = `found more than ${MAX_CONFIG_BYTES} bytes`;
    throw refusal(file, message, "no configuration is that large: name yours");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // The decoder says no more than that it failed.
    throw refusal(file, "found bytes that are not UTF-8", "save it as UTF-8");
  }
}

async function readBytes(file: string): Promise<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, "r");
    return await readBounded(handle);
  } catch (error) {
    throw refusal(file, fileFault(error), faultHint(error));
  } finally {
    await handle?.close();
  }
}

/** Reads by chunks up to one byte too many: pipes and devices do not tell their size. */
async function readBounded(handle: FileHandle): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length <= MAX_CONFIG_BYTES) {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, null);
    if (bytesRead === 0) break;
    chunks.push(chunk.subarray(0, bytesRead));
    length += bytesRead;
  }
  return joined(chunks, length);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function refusal(file: string, message: string, hint?: string): ConfigError {
  const problem = { severity: "error", file, line: 1, column: 1 } as const;
  return new ConfigError([{ ...problem, path: "", message, hint }]);
}
