// What each client wants in its configuration, with the token where that client looks for it.

import { shellWord } from "../shell_word.ts";
import { CLIENT_NAMES } from "./client_names.ts";
import type { ClientName } from "./client_names.ts";
import type { Entry } from "./entry.ts";
import { mcpRemote } from "./mcp_remote.ts";
import { SHELL_HEADER, TOKEN_VARIABLE } from "./token_variable.ts";

/** A text to paste, and where it goes. */
export interface Snippet {
  /** Such as `.mcp.json`, or `a shell`. */
  readonly place: string;
  /** What is to be done with it besides. */
  readonly note?: string;
  readonly language: "sh" | "json" | "toml";
  /** Ends without a line break. */
  readonly text: string;
}

/** A client, with the ways to tell it of a server; the first is the shortest. */
export interface Client {
  readonly name: ClientName;
  /** Its name for people. */
  readonly title: string;
  readonly snippets: readonly [Snippet, ...Snippet[]];
}

interface ClientEntry {
  readonly title: string;
  snippets(entry: Entry): readonly [Snippet, ...Snippet[]];
}

const CLIENTS: Readonly<Record<ClientName, ClientEntry>> = {
  "claude-code": {
    title: "Claude Code",
    snippets: (entry) => [
      shell(claudeCodeCommand(entry)),
      json(".mcp.json", {
        mcpServers: named(entry, {
          type: "http",
          url: entry.url,
          ...bearer(entry, `\${${TOKEN_VARIABLE}}`),
        }),
      }),
    ],
  },
  cursor: {
    title: "Cursor",
    snippets: (entry) => [json(".cursor/mcp.json", {
      mcpServers: named(entry, {
        url: entry.url,
        ...bearer(entry, `\${env:${TOKEN_VARIABLE}}`),
      }),
    })],
  },
  vscode: {
    title: "VS Code",
    snippets: (entry) => [json(".vscode/mcp.json", vscode(entry))],
  },
  windsurf: {
    title: "Windsurf",
    snippets: (entry) => [json("~/.codeium/windsurf/mcp_config.json", {
      mcpServers: named(entry, {
        serverUrl: entry.url,
        ...bearer(entry, `\${env:${TOKEN_VARIABLE}}`),
      }),
    })],
  },
  codex: {
    title: "Codex CLI",
    snippets: (entry) => [{
      place: "~/.codex/config.toml",
      ...(byOAuth(entry) && { note: `then: codex mcp login ${entry.name}` }),
      language: "toml",
      text: [
        `[mcp_servers.${entry.name}]`,
        `url = ${JSON.stringify(entry.url)}`,
        ...byOAuth(entry) ? [] : [`bearer_token_env_var = "${TOKEN_VARIABLE}"`],
      ].join("\n"),
    }],
  },
  gemini: {
    title: "Gemini CLI",
    snippets: (entry) => [json("~/.gemini/settings.json", {
      mcpServers: named(entry, {
        httpUrl: entry.url,
        ...bearer(entry, `\${${TOKEN_VARIABLE}}`),
      }),
    })],
  },
  "claude-desktop": {
    title: "Claude Desktop, through mcp-remote",
    snippets: (entry) => [{
      ...json("claude_desktop_config.json", {
        mcpServers: named(entry, mcpRemote(entry)),
      }),
      ...(byOAuth(entry)
        ? {}
        : { note: "with your token in place of <token>" }),
    }],
  },
  inspector: {
    title: "MCP Inspector",
    snippets: (entry) => [shell(inspectorCommand(entry))],
  },
};

/** Every client, as told of an entry. */
export function clientsFor(entry: Entry): Client[] {
  return CLIENT_NAMES.map((name) => clientFor(name, entry));
}

/** One client, as told of an entry. */
export function clientFor(name: ClientName, entry: Entry): Client {
  const { title, snippets } = CLIENTS[name];
  return { name, title, snippets: snippets(entry) };
}

/** The command that tells Claude Code of an entry. */
export function claudeCodeCommand(entry: Entry): string {
  const { name, url } = entry;
  return `claude mcp add --transport http ${shellWord(name)} ` +
    shellWord(url) + (byOAuth(entry) ? "" : ` --header ${SHELL_HEADER}`);
}

/** It logs in only in its browser. */
function inspectorCommand(entry: Entry): string {
  const target = `--server-url ${shellWord(entry.url)} --transport http`;
  const command = "npx @modelcontextprotocol/inspector";
  return byOAuth(entry)
    ? `${command} ${target}`
    : `${command} --cli ${target} --header ${SHELL_HEADER} --method tools/list`;
}

/** VS Code reads no environment here: it asks for the token, and keeps it. */
function vscode(entry: Entry): unknown {
  const id = "mcp-token";
  const servers = named(entry, {
    type: "http",
    url: entry.url,
    ...bearer(entry, `\${input:${id}}`),
  });
  if (byOAuth(entry)) return { servers };
  const description = "MCP token";
  return {
    inputs: [{ type: "promptString", id, description, password: true }],
    servers,
  };
}

function shell(text: string): Snippet {
  return { place: "a shell", language: "sh", text };
}

function json(place: string, content: unknown): Snippet {
  return { place, language: "json", text: JSON.stringify(content, null, 2) };
}

function named(
  { name }: Entry,
  settings: unknown,
): Readonly<Record<string, unknown>> {
  return { [name]: settings };
}

/** The header with a static token; nothing where the client gets an access token itself. */
function bearer(entry: Entry, reference: string): { headers?: unknown } {
  return byOAuth(entry)
    ? {}
    : { headers: { Authorization: `Bearer ${reference}` } };
}

function byOAuth({ credential }: Entry): boolean {
  return credential === "oauth";
}
