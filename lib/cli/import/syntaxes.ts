// How each client writes references in its texts.

import { VARIABLE_NAME } from "../../config/references.ts";
import { LeftOut } from "./left_out.ts";
import { templateOf } from "./template.ts";
import type { Input, Part, Template } from "./template.ts";

/** Takes a text apart. Throws `LeftOut` for a reference that nothing but the client can replace. */
export type Syntax = (text: string) => Template;

/** Of a client that replaces nothing. */
export const literalSyntax: Syntax = (text) => templateOf([text]);

/** `${NAME}` and `${NAME:-default}` (Claude Code, "Environment variable expansion in .mcp.json"). */
export const claudeCodeSyntax: Syntax = (text) =>
  withReferences(text, /\$\{([^{}]+)\}/g, ([, inside = ""]) => shell(inside));

/** `$NAME`, `${NAME}` and `${NAME:-default}` (Gemini CLI, "Environment variables in settings"). */
export const geminiSyntax: Syntax = (text) =>
  withReferences(
    text,
    /\$(?:(\w+)|\{([^{}]+)\})/g,
    ([, bare, inside = ""]) => shell(bare ?? inside),
  );

/** What an editor knows where it replaces `${…}`. */
export interface EditorContext {
  readonly home: string;
  /** What stands between the steps of a path. */
  readonly separator: string;
  /** The project of the file; absent where it is for all projects. */
  readonly folder?: string;
  /** What its file asks for by id; absent for an editor that asks for nothing. */
  readonly inputs?: ReadonlyMap<string, Input>;
  /** Whether `${file:PATH}` is what the file holds. */
  readonly readsFiles?: boolean;
}

/** Kinds of `${kind:…}` or `${kind}` of VS Code's "Variables reference" that say what goes on in a window. */
const WINDOW_ONLY =
  /^(?:command|config|cwd|defaultBuildTask|execPath|extensionInstallFolder|file\w*|lineNumber|columnNumber|relativeFile\w*|selectedText|workspaceFolder\w*)$/;

/** `${env:NAME}`, `${input:id}`, `${userHome}`, `${workspaceFolder}` and the like (VS Code, Cursor and Windsurf). */
export function editorSyntax(context: EditorContext): Syntax {
  return (text) =>
    withReferences(
      text,
      /\$\{([^{}]*)\}/g,
      ([, inside = ""]) => editorPart(inside, context),
    );
}

function editorPart(inside: string, context: EditorContext): Part | undefined {
  const { home, separator, folder, inputs, readsFiles } = context;
  const colon = inside.indexOf(":");
  const kind = colon < 0 ? inside : inside.slice(0, colon);
  const rest = colon < 0 ? "" : inside.slice(colon + 1);
  if (kind === "env") return variable(rest);
  if (kind === "input" && inputs !== undefined) {
    const input = inputs.get(rest) ?? { id: rest, file: "" };
    return { kind: "input", input, ...withDefault(input.preset) };
  }
  if (kind === "file" && readsFiles) {
    return { kind: "file", path: rest.replace(/^~(?=[/\\])/, home) };
  }
  if (inside === "userHome") return home;
  if (inside === "pathSeparator" || inside === "/") return separator;
  if (folder !== undefined && inside === "workspaceFolder") return folder;
  if (folder !== undefined && inside === "workspaceFolderBasename") {
    return folder.split(separator).at(-1) ?? "";
  }
  if (!WINDOW_ONLY.test(kind)) return undefined;
  throw new LeftOut(
    `\${${kind}${
      colon < 0 ? "" : ":…"
    }} is known only to the window of an editor`,
  );
}

/** `NAME` or `NAME:-default`. */
function shell(inside: string): Part | undefined {
  const end = inside.indexOf(":-");
  return end < 0
    ? variable(inside)
    : variable(inside.slice(0, end), inside.slice(end + 2));
}

function variable(name: string, fallback?: string): Part | undefined {
  if (!VARIABLE_NAME.test(name)) return undefined;
  return { kind: "variable", name, ...withDefault(fallback) };
}

function withDefault(fallback: string | undefined): { fallback?: string } {
  return fallback === undefined ? {} : { fallback };
}

/** What `partOf` does not know stays as it is. */
function withReferences(
  text: string,
  pattern: RegExp,
  partOf: (match: RegExpExecArray) => Part | undefined,
): Template {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    const part = partOf(match);
    if (part === undefined) continue;
    parts.push(text.slice(end, match.index), part);
    end = match.index + match[0].length;
  }
  return templateOf([...parts, text.slice(end)]);
}
