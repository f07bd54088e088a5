// Anything as the servers of a client: they are taken over or left out, and what is written is a configuration.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import fc from "fast-check";
import { IMPORTABLE_NAMES } from "../../lib/cli/import/importable.ts";
import { takeOver } from "../../lib/cli/import/take_over.ts";
import { starterText } from "../../lib/cli/init/starter_text.ts";
import { makeToken } from "../../lib/cli/make_token.ts";
import { literalText, parseReference } from "../../lib/config/references.ts";
import { readConfig } from "../../mod.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";
import { holds, LIMIT } from "./fuzz.ts";

/** Texts with what means something to one client or another. */
function text(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom(
      "$",
      "$$",
      "${",
      "}",
      "env:",
      "$env:A",
      "$file:",
      "${A}",
      "${env:B}",
      "${input:c}",
      "${A:-b}",
      "${file:x}",
      "|",
      "~/",
      "./",
      "https://h.example/",
      "http://localhost:8080/mcp",
      "\n",
      "\0",
    ),
  );
  return fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(""));
}

function entry(): fc.Arbitrary<unknown> {
  const odd = fc.oneof(text(), fc.jsonValue({ maxDepth: 1 }));
  const texts = fc.oneof(fc.dictionary(text(), odd, { maxKeys: 3 }), odd);
  return fc.oneof({ weight: 9, arbitrary: members() }, odd);

  function members() {
    return fc.record({
      command: odd,
      args: fc.oneof(fc.array(odd, { maxLength: 3 }), odd),
      cwd: odd,
      env: texts,
      env_vars: fc.oneof(fc.array(odd, { maxLength: 2 }), odd),
      url: odd,
      type: fc.constantFrom("http", "sse", "stdio", "other", 1),
      headers: texts,
      timeout: fc.oneof(fc.double(), odd),
      includeTools: fc.oneof(fc.array(text(), { maxLength: 2 }), odd),
      excludeTools: fc.oneof(fc.array(text(), { maxLength: 2 }), odd),
      disabled: fc.boolean(),
    }, { requiredKeys: [] });
  }
}

it(
  "whatever a client's file holds, what is written is a valid configuration",
  LIMIT,
  async () => {
    await using folder = await TemporaryFolder.create();
    const home = folder.path;
    for (const name of [".cursor", ".gemini", ".config/Claude", ".vscode"]) {
      mkdirSync(join(home, name), { recursive: true });
    }
    const servers = fc.dictionary(text(), entry(), { maxKeys: 4 });
    await holds(
      fc.asyncProperty(servers, servers, async (some, others) => {
        const write = (name: string, content: unknown) =>
          writeFileSync(join(home, name), JSON.stringify(content));
        write(".cursor/mcp.json", { mcpServers: some });
        write(".gemini/settings.json", { mcpServers: others });
        write(".config/Claude/claude_desktop_config.json", {
          mcpServers: some,
        });
        write(".claude.json", { projects: { [home]: { mcpServers: some } } });
        write(".vscode/mcp.json", { servers: others });
        const taken = await takeOver({
          clients: IMPORTABLE_NAMES,
          where: { platform: "linux", home, folder: home, environment: {} },
          configFolder: "/elsewhere",
          token: "dev",
        });
        const found = 3 * Object.keys(some).length +
          2 * Object.keys(others).length;
        const kept = taken.servers.flatMap(({ origins }) => origins);
        assert.equal(kept.length + taken.omitted.length, found);
        if (taken.servers.length === 0) return;
        const whole = starterText({
          commands: ["a", "b"],
          token: makeToken(),
          servers: taken.text,
        });
        const { rules, problems } = readConfig(whole, {
          file: "f",
          directory: "/elsewhere",
          environment: "unknown",
          platform: "linux",
        });
        assert.ok(rules, JSON.stringify(problems));
        const names = taken.servers.map(({ name }) => name);
        assert.deepEqual([...rules.servers.keys()], names);
      }),
      100,
    );
  },
);

it(
  "a text that is written as a literal is read as that text",
  LIMIT,
  async () => {
    await holds(
      fc.property(text(), (value) => {
        const read = parseReference(literalText(value));
        assert.deepEqual(read, { kind: "literal", value });
      }),
      1_000,
      [["$$$env:"], ["${"], ["$ENV:x"], ["$file:/x"]],
    );
  },
);
