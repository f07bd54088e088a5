// A tiny MCP server over stdio: it blocks on its input, so that it costs next to nothing.

import { Buffer } from "node:buffer";
import { readSync, writeSync } from "node:fs";
import { replies } from "./conversation.ts";

const STDIN = 0;
const STDOUT = 1;
const buffer = Buffer.alloc(64 * 1024);

function say(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(STDOUT, bytes, at);
}

let rest = "";
for (;;) {
  const read = readSync(STDIN, buffer);
  if (read === 0) break;
  const lines = (rest + buffer.toString("latin1", 0, read)).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    for (const reply of replies(line)) say(`${reply}\n`);
  }
}
