// What each client's file looks like: how it is written, where its servers stand, and how it writes references.

import { isMembers } from "./client_file.ts";
import type { FileFormat, Members } from "./client_file.ts";
import { claudeCodeServers } from "./claude_code.ts";
import { geminiServers } from "./gemini.ts";
import type { ImportableName } from "./importable.ts";
import type { Listed } from "./listed.ts";
import { pathsOf } from "./places.ts";
import type { Place, Whereabouts } from "./places.ts";
import {
  claudeCodeSyntax,
  editorSyntax,
  geminiSyntax,
  literalSyntax,
} from "./syntaxes.ts";
import type { Syntax } from "./syntaxes.ts";
import { vscodeInputs } from "./vscode.ts";

/** A file that was read. */
export interface ReadFile {
  readonly root: Members;
  readonly place: Place;
  readonly where: Whereabouts;
}

/** How the files of a client are understood. */
export interface Dialect {
  /** The client's name for people. */
  readonly title: string;
  readonly format: FileFormat;
  /** The servers in it. */
  servers(file: ReadFile): readonly Listed[];
  syntax(file: ReadFile): Syntax;
}

/** That of each client. */
export const DIALECTS: Readonly<Record<ImportableName, Dialect>> = {
  "claude-code": {
    title: "Claude Code",
    format: "json",
    servers: ({ root, where }) => claudeCodeServers(root, where),
    syntax: () => claudeCodeSyntax,
  },
  cursor: {
    title: "Cursor",
    format: "json",
    servers: ({ root }) => listedUnder("mcpServers", root),
    syntax: (file) => editorSyntax(editorOf(file)),
  },
  vscode: {
    title: "VS Code",
    format: "json",
    // It falls back to HTTP+SSE where "http" says nothing.
    servers: ({ root }) => listedUnder("servers", root, withoutType("http")),
    syntax: (file) =>
      editorSyntax({ ...editorOf(file), inputs: vscodeInputs(file) }),
  },
  windsurf: {
    title: "Windsurf",
    format: "json",
    servers: ({ root }) => listedUnder("mcpServers", root),
    syntax: (file) => editorSyntax({ ...editorOf(file), readsFiles: true }),
  },
  codex: {
    title: "Codex CLI",
    format: "toml",
    servers: ({ root }) =>
      listedUnder(
        "mcp_servers",
        root,
        (entry) => entry.url === undefined ? entry : { ...entry, type: "http" },
      ),
    syntax: () => literalSyntax,
  },
  gemini: {
    title: "Gemini CLI",
    format: "json",
    servers: ({ root }) => geminiServers(root),
    syntax: () => geminiSyntax,
  },
  "claude-desktop": {
    title: "Claude Desktop",
    format: "json",
    servers: ({ root }) => listedUnder("mcpServers", root),
    syntax: () => literalSyntax,
  },
};

/** The members of the object under a key. */
function listedUnder(
  key: string,
  root: Members,
  change: (entry: Members) => Members = (entry) => entry,
): Listed[] {
  const servers = root[key];
  if (!isMembers(servers)) return [];
  return Object.entries(servers).map(([name, entry]) => ({
    name,
    entry: isMembers(entry) ? change(entry) : entry,
  }));
}

function withoutType(type: string): (entry: Members) => Members {
  return ({ type: own, ...rest }) =>
    own === type || own === undefined ? rest : { ...rest, type: own };
}

function editorOf({ place, where }: ReadFile) {
  return {
    home: where.home,
    separator: pathsOf(where.platform).sep,
    ...(place.scope === "project" && { folder: where.folder }),
  };
}
