// The pages about what a token may use: their examples load, and are explained as it is printed.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Policy } from "../../lib/auth/policy.ts";
import { explained } from "../../lib/cli/explain/explanation.ts";
import type { Question } from "../../lib/cli/explain/explanation.ts";
import { explanationText } from "../../lib/cli/explain/explanation_text.ts";
import { PLAIN } from "../../lib/cli/palette.ts";
import { read, withTokens } from "../config/marked.ts";
import { blocksOf } from "../support/markdown.ts";

function blocks(page: string, language: string): string[] {
  const path = fileURLToPath(new URL(`../../${page}`, import.meta.url));
  return blocksOf(path).filter((block) => block.language === language)
    .map(({ text }) => text);
}

/** The rules of a text that has to be sound; they may have warnings of other things. */
function rulesOf(text: string) {
  const { rules, problems } = read(text, { environment: "unknown" });
  const errors = problems.filter(({ severity }) => severity === "error");
  assert.deepEqual(errors, []);
  assert.ok(rules);
  return rules;
}

describe("docs/scopes.md", () => {
  const [example = ""] = blocks("docs/scopes.md", "jsonc");
  const printed = blocks("docs/scopes.md", "text");

  it("shows what the program prints about its example", () => {
    const token = "dev-readonly";
    const questions: Question[] = [{ token }, { token, tool: "move_file" }];
    assert.equal(printed.length, questions.length);
    for (const [at, question] of questions.entries()) {
      const subject = { ...question, file: "config.jsonc" };
      const text = explanationText(
        explained(question, rulesOf(example)),
        subject,
        { palette: PLAIN },
      );
      assert.equal(printed[at], text.trimEnd());
    }
  });
});

describe("docs/configuration.md", () => {
  it("shows the rules of a token as they are read", () => {
    const [entry = ""] = blocks("docs/configuration.md", "json");
    const { scopes } = rulesOf(
      withTokens(`"x": ${entry}`).replace(
        `"x": { "command"`,
        `"database": { "command"`,
      ),
    );
    const { tools, resources, readOnly, servers } = scopes.get("x") ?? {};
    assert.ok(tools?.allow && tools.deny && resources?.allow && readOnly);
    assert.ok(servers?.get("database")?.prompts?.deny);
  });
});

describe("the README", () => {
  it("shows a token with rules that do what it says", () => {
    const snippet = blocks("README.md", "json")
      .find((text) => text.includes(`"readOnly"`)) ?? "{}";
    const { tokens } = JSON.parse(snippet);
    const members = JSON.stringify(tokens).slice(1, -1);
    const rules = rulesOf(withTokens(members));
    const may = (token: string, name: string, readOnlyHint: boolean) =>
      new Policy(token, rules)
        .allows({ kind: "tool", server: "x", name, readOnlyHint }).allowed;
    assert.equal(may("dev-readonly", "query", true), true);
    assert.equal(may("dev-readonly", "query", false), false);
    assert.equal(may("dev-readonly", "read_file", true), true);
    assert.equal(may("dev-readonly", "read_secret", true), false);
    assert.equal(may("dev-readonly", "list", true), false);
    assert.equal(may("dev-full", "drop_secret", false), true);
  });
});
