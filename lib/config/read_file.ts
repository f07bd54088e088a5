// Reads a file that a configuration names, within its bounds.

import { Buffer } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { platform } from "node:os";
import { fileFault } from "./file_faults.ts";
import type { FileReading } from "./file_reading.ts";

/** A larger file is no text for a configuration. All authorities that a system trusts take a quarter of it. */
export const MAX_FILE_BYTES = 1024 * 1024;

const PERMISSION_BITS = 0o777;

/** The text of a file of UTF-8. Pipes and devices are refused, as they might never end. */
export function readFile(path: string): FileReading {
  try {
    // A pipe that nobody writes to would otherwise be waited for; Windows has no such flag.
    const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
    const descriptor = openSync(path, flags);
    try {
      return readOpened(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return { problem: fileFault(error) };
  }
}

function readOpened(descriptor: number): FileReading {
  const stat = fstatSync(descriptor);
  if (stat.isDirectory()) return { problem: "this is a folder, not a file" };
  if (!stat.isFile()) return { problem: "this is no ordinary file" };
  // What is in /proc says that it has no bytes: the size is what can be read.
  const bytes = Buffer.alloc(MAX_FILE_BYTES + 1);
  const length = fill(bytes, descriptor);
  if (length > MAX_FILE_BYTES) {
    return { problem: `it has more than ${MAX_FILE_BYTES} bytes` };
  }
  const text = textOf(bytes.subarray(0, length));
  if (text === undefined) return { problem: "it has bytes that are not UTF-8" };
  return platform() === "win32"
    ? { text }
    : { text, mode: stat.mode & PERMISSION_BITS };
}

function fill(bytes: Buffer, descriptor: number): number {
  let length = 0;
  while (length < bytes.length) {
    const count = readSync(
      descriptor,
      bytes,
      length,
      bytes.length - length,
      null,
    );
    if (count === 0) break;
    length += count;
  }
  return length;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // The decoder says no more than that it failed.
    return undefined;
  }
}
