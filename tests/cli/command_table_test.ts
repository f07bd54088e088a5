// What can be typed is one table: the parser takes it, and the usage tells of it.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseArguments } from "../../lib/cli/arguments.ts";
import {
  COMMANDS,
  optionsOf,
  runsCommand,
  typedCommands,
  valueOf,
} from "../../lib/cli/command_table.ts";
import { typableCommands } from "../../lib/cli/completions/typable.ts";
import { CLIENT_NAMES } from "../../lib/cli/connect/client_names.ts";
import { USAGE } from "../../lib/cli/usage.ts";

/** The part of the usage that is about a command. */
function usageOf(command: string): string {
  return new RegExp(`^${command} [^]*?(?=^\\w)`, "m").exec(USAGE)?.[0] ?? "";
}

describe("the table of commands", () => {
  it("has nothing that the parser refuses", async () => {
    for (const { command, options, words } of typableCommands()) {
      const start = command === "serve" ? [] : [command];
      const word = command === "serve" ? [] : words.slice(0, 1);
      for (const { text } of options) {
        const { sign } = valueOf(text) ?? {};
        const value = sign && [sign === "PORT" ? "8080" : "x"];
        const typed = [...start, ...word.map((one) => one.text), `-${text}`];
        const runs = text === "port" || runsCommand(command);
        const end = runs ? ["--", "true"] : [];
        await parseArguments([...typed, ...value ?? [], ...end]);
      }
      for (const { text } of command === "serve" ? [] : words) {
        const { kind } = await parseArguments([...start, text]);
        assert.equal(kind, command);
      }
    }
  });

  it("is what the usage tells", () => {
    for (const command of typedCommands()) {
      const part = usageOf(command);
      assert.notEqual(part, "", command);
      const own = optionsOf(command)
        .filter((option) => !["config", "help"].includes(option));
      for (const option of own) {
        assert.match(part, new RegExp(`^ +-${option}\\b`, "m"), command);
      }
    }
    for (const option of [...optionsOf("serve"), ...optionsOf("front")]) {
      assert.match(USAGE, new RegExp(`^ +-${option}\\b`, "m"));
    }
    for (const name of CLIENT_NAMES) assert.ok(USAGE.includes(name), name);
    const shells = COMMANDS.completions.words.join("|");
    assert.ok(USAGE.includes(`completions ${shells}`));
  });
});
