// What is made of the ways in which the process of a statement can end.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { describe, it } from "node:test";
import { conversation } from "../../lib/demo/statement_child.ts";
import type { StatementAnswer } from "../../lib/demo/statement.ts";

/** What is made of a child that runs a shell command in place of a statement. */
function answerOf(command: string): Promise<StatementAnswer> {
  const child = spawn("sh", ["-c", command], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  return conversation(child, "{}");
}

const ROWS = { columns: ["1"], rows: [[1]], end: "complete" };
const NO_ANSWER = { error: "The statement ended without an answer" };

describe("the process of a statement", () => {
  it("answers with what it says", async () => {
    const answer = await answerOf(`echo '${JSON.stringify(ROWS)}'`);
    assert.deepEqual(answer, ROWS);
  });

  it("is heard, too, where it does not read its request", async () => {
    const answer = await answerOf(`exec <&-; echo '${JSON.stringify(ROWS)}'`);
    assert.deepEqual(answer, ROWS);
  });

  for (
    const [how, command] of [
      ["without a word", "exit 0"],
      ["in the middle of its answer", `printf '{"columns":["1"],'`],
      ["with a failure after its answer", `echo '{"rows":[]}'; exit 1`],
      ["by a signal", "kill -TERM $$"],
    ] as const
  ) {
    it(`may end ${how}`, async () => {
      assert.deepEqual(await answerOf(command), NO_ANSWER);
    });
  }

  it("is stopped when its answer does not end", async () => {
    const answer = await answerOf("exec yes");
    assert.ok("error" in answer);
    assert.match(answer.error, /its answer is too long/);
  });

  it("may be one that cannot be started", async () => {
    const child = spawn("/nowhere/mcp-front", { stdio: "pipe" });
    const answer = await conversation(child, "{}");
    assert.ok("error" in answer);
    assert.match(answer.error, /^The statement could not be started: /);
  });
});
