// How rows look as a Markdown table.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { markdownTable } from "../../lib/demo/markdown_table.ts";

describe("a Markdown table", () => {
  it("aligns texts on the left and numbers on the right", () => {
    const rows = [["x", 1], [null, 1000], ["long", null]] as const;
    assert.equal(
      markdownTable(["a", "b"], rows),
      [
        "| a    |    b |",
        "| ---- | ---: |",
        "| x    |    1 |",
        "| NULL | 1000 |",
        "| long | NULL |",
      ].join("\n"),
    );
  });

  it("keeps each row on one line, whatever is in it", () => {
    const table = markdownTable(["a|b"], [["x\ny|\u001b[31m\u0000"]]);
    assert.equal(
      table.split("\n").at(-1),
      "| x\\ny\\|\\u001b[31m\\u0000 |",
    );
    assert.match(table, /^\| a\\\|b /);
  });

  it("does not make all rows as wide as a very long one", () => {
    const long = "x".repeat(1_000);
    const [, , first] = markdownTable(["a"], [["x"], [long]]).split("\n");
    assert.equal(first, "| x   |");
  });

  it("stands also without rows", () => {
    assert.equal(markdownTable(["a"], []), "| a   |\n| --- |");
  });
});
