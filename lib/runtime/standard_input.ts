// Reading all that standard input has.

import { Buffer } from "node:buffer";
import process from "node:process";

/** The text on standard input, once it has ended. */
export async function standardInputText(): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
