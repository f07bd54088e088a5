// The fenced blocks of a Markdown page.

import { readFileSync } from "node:fs";

/** One fenced block, without its fence and its indentation. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

/** The blocks of the page at `path`, in order. */
export function blocksOf(path: string): Block[] {
  const page = readFileSync(path, "utf8");
  const fences = page.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm);
  return [...fences].map(([, indent = "", language = "", text = ""]) => ({
    language,
    text: text.replaceAll(new RegExp(`^${indent}`, "gm"), "").trim(),
  }));
}
