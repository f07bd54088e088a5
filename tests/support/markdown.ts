// The fenced blocks of a Markdown page.

import { readFileSync } from "node:fs";

/** One fenced block, without its fence and its indentation. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

/** The blocks of the page at `path`, in order. */
export function blocksOf(path: string): Block[] {
  return blocksIn(readFileSync(path, "utf8"));
}

/** The blocks of a page, or of a part of one, in order. */
export function blocksIn(page: string): Block[] {
  const fences = page.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm);
  return [...fences].map(([, indent = "", language = "", text = ""]) => ({
    language,
    text: text.replaceAll(new RegExp(`^${indent}`, "gm"), "").trim(),
  }));
}
