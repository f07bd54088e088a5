// The script that completes the command lines of mcp-front in a shell.

import type { Shell } from "../arguments.ts";
import { shellWord } from "../shell_word.ts";
import bash from "./template.bash" with { type: "text" };
import fish from "./template.fish" with { type: "text" };
import {
  repeatableOptions,
  typableCommands,
  valuedOptions,
} from "./typable.ts";
import type { CommandTypable, Typable, ValuedOption } from "./typable.ts";
import zsh from "./template.zsh" with { type: "text" };

/** The script, with everything that can be typed in it. */
export function completionScript(shell: Shell): string {
  switch (shell) {
    case "bash":
      return filledIn(bash, shellParts());
    case "zsh":
      return filledIn(zsh, shellParts());
    case "fish":
      return filledIn(fish, fishParts());
  }
}

/** What stands in place of a word in capitals. */
type Parts = Readonly<Record<string, readonly string[]>>;

/** Lines are indented as the word that they stand for. */
function filledIn(template: string, parts: Parts): string {
  const words = new RegExp(
    `^( *)(.*)\\b(${Object.keys(parts).join("|")})\\b`,
    "gm",
  );
  return template.replaceAll(
    words,
    (_, indent: string, before: string, word: string) =>
      indent + before + (parts[word] ?? []).join(`\n${indent}`),
  );
}

/** bash and zsh have the same words for all of these. */
function shellParts(): Parts {
  return {
    REPEATABLE: [repeatableOptions().join("|")],
    VALUED: [valuedOptions().map(({ option }) => option).join("|")],
    VALUES: valuedOptions().map((one) => `(${one.option}) ${proposal(one)} ;;`),
    COMMANDS: typableCommands().flatMap(commandLines),
  };
}

function proposal({ from }: ValuedOption): string {
  if (from === undefined) return ":";
  if (from === "files") return "_mcp_front_files";
  if (typeof from === "string") return `_mcp_front_names ${from}`;
  return `_mcp_front_offer ${from.map(shellWord).join(" ")}`;
}

function commandLines({ command, options, words }: CommandTypable): string[] {
  const list = (all: readonly Typable[]) =>
    all.map(({ text, does }) => shellWord(`${text}:${does}`)).join(" ");
  return [
    `(${command})`,
    `  flags=(${list(options)})`,
    `  rest=(${list(words)})`,
    "  ;;",
  ];
}

function fishParts(): Parts {
  const valued = valuedOptions();
  return {
    REPEATABLE: [repeatableOptions().join(" ")],
    VALUED: [valued.map(({ option }) => option).join(" ")],
    COMPLETIONS: typableCommands().flatMap(({ command, options, words }) => [
      ...words.map(({ text, does }) =>
        `complete -c mcp-front -n '__mcp_front_wants_word ${command}' ` +
        `-a ${text} -d ${shellWord(does)}`
      ),
      ...options.map(({ text, does }) => {
        const value = valued.find(({ option }) => option === text);
        return `complete -c mcp-front -n '__mcp_front_may ${command} ${text}' ` +
          `-o ${text} -l ${text}${fishValue(value)} -d ${shellWord(does)}`;
      }),
    ]),
  };
}

function fishValue(valued: ValuedOption | undefined): string {
  if (valued === undefined) return "";
  const { from } = valued;
  if (from === undefined) return " -x";
  if (from === "files") return " -r -F";
  return typeof from === "string"
    ? ` -x -a '(__mcp_front_names ${from})'`
    : ` -x -a '${from.join(" ")}'`;
}
