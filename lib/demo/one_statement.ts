// Makes sure that a text is one statement, and one that reads.

import type { Database, Statement } from "./sqlite.ts";

const READING_WORDS = ["SELECT", "WITH", "VALUES", "EXPLAIN", "PRAGMA"];

/** What SQLite skips between statements (sqlite.org/lang_comment.html). */
const SKIPPED = /[ \t\n\f\r;]+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;

/** The column of `EXPLAIN` with the name of the operation. */
const OPCODE = 1;

/** A text that is not run; the message says what to do. */
export class RefusedText extends Error {}

/** Compiles the statement of `text`. Throws `RefusedText`, and what SQLite throws. */
export function oneStatement(
  database: Database,
  text: string,
): Statement {
  if (text.includes("\0")) {
    throw new RefusedText("The statement has a NUL character; take it out");
  }
  // Without it the lengths of what went in and what was read would differ.
  const sql = afterSkipped(text.toWellFormed());
  // Also, Deno 2.9 crashes when it prepares a text without a statement.
  if (sql === "") throw new RefusedText("There is no statement in the text");
  const [word = ""] = /^\w*/.exec(sql) ?? [];
  if (!READING_WORDS.includes(word.toUpperCase())) {
    throw new RefusedText(
      "Only statements that read are run: begin with SELECT, WITH, VALUES or EXPLAIN",
    );
  }
  const statement = database.prepare(sql);
  // SQLite itself says where its statement ends; it would ignore the rest.
  if (afterSkipped(sql.slice(statement.sourceSQL.length)) !== "") {
    throw new RefusedText(
      "There is more than one statement in the text; send them one at a time",
    );
  }
  if (hasParameter(database, sql)) {
    throw new RefusedText(
      "The statement has a parameter, such as ? or :name; write the value itself",
    );
  }
  return statement;
}

/** SQLite takes a parameter that nobody sets for NULL. Its own program for the statement tells where one is read (sqlite.org/opcode.html). */
function hasParameter(database: Database, sql: string): boolean {
  if (!/^(?:SELECT|WITH|VALUES)\b/i.test(sql)) return false;
  const program = database.prepare(`EXPLAIN ${sql}`);
  program.setReturnArrays(true);
  return program.all().some((row) =>
    (row as unknown as readonly unknown[])[OPCODE] === "Variable"
  );
}

function afterSkipped(text: string): string {
  let end = 0;
  for (;;) {
    SKIPPED.lastIndex = end;
    const match = SKIPPED.exec(text);
    if (match === null) return text.slice(end);
    end += match[0].length;
  }
}
