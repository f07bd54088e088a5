// Reading what standard input has.

import { Buffer } from "node:buffer";
import process from "node:process";

/** Standard input in pieces, as they come. */
export function standardInput(): AsyncIterable<Uint8Array> {
  return process.stdin;
}

/** The text on standard input, once it has ended; a longer one than `maxBytes` is cut somewhere behind these. */
export async function standardInputText(maxBytes = Infinity): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}
