// Quoting for a shell, tried with a shell.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { it } from "node:test";
import { shellWord } from "../../lib/cli/shell_word.ts";

it("a shell word means the same text to a shell", () => {
  const texts = [
    "plain-1.x",
    "a b",
    "it's",
    '"$HOME"',
    "`id`",
    "a\\b",
    "a;b",
    "",
  ];
  for (const text of texts) {
    const said = execFileSync("sh", ["-c", `printf %s ${shellWord(text)}`]);
    assert.equal(said.toString(), text);
  }
});

it("a plain word is not quoted", () => {
  const url = "http://localhost:8080/a/mcp";
  assert.equal(shellWord(url), url);
});
