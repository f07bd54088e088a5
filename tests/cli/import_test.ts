// Servers of several clients put together, what is left out, and what a person is told of it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { readClientFile } from "../../lib/cli/import/client_file.ts";
import {
  IMPORTABLE_NAMES,
  importableNames,
} from "../../lib/cli/import/importable.ts";
import type { ImportableName } from "../../lib/cli/import/importable.ts";
import { placesOf } from "../../lib/cli/import/places.ts";
import { nothingFound, variableLines } from "../../lib/cli/import/summary.ts";
import { importFrom } from "../support/imported.ts";
import { ROOT } from "../support/program.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";

const CURSOR = ".cursor/mcp.json";
const GEMINI = ".gemini/settings.json";

/** A file of Cursor, Gemini or Claude Code with these servers. */
function withServers(mcpServers: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ mcpServers });
}

describe("an import of several files", () => {
  it("makes one of the same server in two clients, however each writes it", async () => {
    const { mcpServers, servers } = await importFrom({
      files: {
        ".claude.json": withServers({
          api: {
            type: "http",
            url: "https://h.example/mcp",
            headers: { B: "${B}", A: "a" },
          },
        }),
        [CURSOR]: withServers({
          api: {
            headers: { A: "a", B: "${env:B}" },
            url: "https://h.example/mcp",
          },
        }),
      },
    });
    assert.deepEqual(Object.keys(mcpServers), ["api"]);
    assert.equal(mcpServers.api?.transport, "streamable-http");
    assert.deepEqual(servers[0]?.origins, [
      "Claude Code, ~/.claude.json",
      "Cursor, ~/.cursor/mcp.json",
    ]);
  });

  it("gives different servers of one name, and names that cannot stand in a url, other names", async () => {
    const long = "n".repeat(70);
    const { mcpServers, summary } = await importFrom({
      files: {
        [CURSOR]: withServers({
          db: { command: "one" },
          "my files!": { command: "x" },
          health: { command: "x" },
          "": { command: "x" },
          "ünï": { command: "x" },
          [long]: { command: "one" },
          __proto__x: { command: "x" },
        }).replace("__proto__x", "__proto__"),
        [GEMINI]: withServers({
          db: { command: "two" },
          "my-files": { command: "y" },
          [long]: { command: "two" },
        }),
      },
    });
    assert.deepEqual(Object.keys(mcpServers), [
      "db",
      "my-files",
      "health-server",
      "server",
      "n",
      "n".repeat(64),
      "__proto__-server",
      "db-2",
      "my-files-2",
      `${"n".repeat(62)}-2`,
    ]);
    assert.match(
      summary,
      /^ {2}my-files +Cursor, ~\/\.cursor\/mcp\.json, "my files!" there$/m,
    );
    assert.match(
      summary,
      /^ {2}db-2 +Gemini CLI, ~\/\.gemini\/settings\.json, "db" there$/m,
    );
  });

  it("leaves out what is off, what leads to mcp-front, and what cannot be, each with file and reason", async () => {
    const { mcpServers, summary } = await importFrom({
      files: {
        [CURSOR]: withServers({
          off: { command: "x", disabled: true },
          "mcp-front": { url: "https://gw.example/mcp" },
          one: { url: "http://127.0.0.1:8080/files/mcp" },
          two: {
            command: "npx",
            args: ["-y", "mcp-remote", "http://localhost:8080/sse"],
          },
          three: { command: "/opt/mcp-front", args: ["-config", "x"] },
          sample: { command: "mcp-front", args: ["demo", "database"] },
          neighbour: { url: "http://localhost:8081/mcp" },
          empty: {},
          text: "npx",
          args: { command: "x", args: "-y" },
          env: { command: "x", env: { A: { b: 1 } } },
          credentials: { url: "https://me:secret-word@h.example/mcp" },
          header: { url: "https://h.example", headers: { A: "secret\nword" } },
          filter: { command: "x", includeTools: "all" },
        }),
        [GEMINI]: `{ "mcpServers": { "x": { "command" "secret-word" } } }`,
        ".codex/config.toml": "[mcp_servers.x]\ncommand = secret-word\n",
        ".claude.json": "[]",
        ".codeium/windsurf/mcp_config.json": "",
      },
    });
    assert.deepEqual(Object.keys(mcpServers), ["sample", "neighbour"]);
    assert.equal(
      summary.split("Not taken over:\n\n")[1],
      `\
  Claude Code, ~/.claude.json: it holds no object
  off          Cursor, ~/.cursor/mcp.json: it is disabled there
  mcp-front    Cursor, ~/.cursor/mcp.json: it leads to mcp-front itself
  one          Cursor, ~/.cursor/mcp.json: it leads to mcp-front itself
  two          Cursor, ~/.cursor/mcp.json: it leads to mcp-front itself
  three        Cursor, ~/.cursor/mcp.json: it leads to mcp-front itself
  empty        Cursor, ~/.cursor/mcp.json: it has neither a command nor a url
  text         Cursor, ~/.cursor/mcp.json: its entry is no object
  args         Cursor, ~/.cursor/mcp.json: "args" is no array
  env          Cursor, ~/.cursor/mcp.json: "env.A" is no text
  filter       Cursor, ~/.cursor/mcp.json: "includeTools" is no list of tools
  Codex CLI, ~/.codex/config.toml: line 2, column 11: invalid value
  Gemini CLI, ~/.gemini/settings.json: line 1, column 36: found no colon; one is wanted between the key and its value
  credentials  Cursor, ~/.cursor/mcp.json: url: found credentials in the url
  header       Cursor, ~/.cursor/mcp.json: headers.A: found a line break

`,
    );
  });

  it("reads a file once that is the user's and the project's", async () => {
    const { servers, looked } = await importFrom({
      folder: ".",
      files: { [CURSOR]: withServers({ a: { command: "./a" } }) },
    });
    assert.deepEqual(servers.map(({ origins }) => origins), [
      ["Cursor, ~/.cursor/mcp.json"],
    ]);
    assert.equal(looked.filter((file) => file.endsWith(CURSOR)).length, 1);
  });

  it("says where it has looked when there is nothing", async () => {
    const found = await importFrom({ files: {}, clients: ["cursor", "codex"] });
    assert.equal(
      nothingFound(found),
      "No client has a server to take over. Looked for:\n\n" +
        "  ~/.cursor/mcp.json\n  .cursor/mcp.json\n" +
        "  ~/.codex/config.toml\n  .codex/config.toml\n\n",
    );
  });
});

describe("the variables of an import", () => {
  const files = {
    [CURSOR]: withServers({
      "a-b": {
        url: "https://a.example/mcp",
        headers: { Authorization: "Bearer ${env:A_KEY}" },
      },
      a_b: {
        url: "https://b.example/mcp",
        headers: { Authorization: "Bearer ${env:A_B_AUTHORIZATION}" },
      },
      db: {
        command: "x",
        env: {
          URL: "postgres://me:secret-word@${env:DB_HOST}/db",
          SET: "${env:SET}",
          KEY: "${env:A_KEY}",
        },
      },
    }),
    "project/.vscode/mcp.json": JSON.stringify({
      inputs: [{ id: "key", description: "The \u001b[31mkey" }],
      servers: {
        ask: { command: "x", env: { K: "${input:key}", P: "a ${input:key}" } },
      },
    }),
  };

  it("are told in the order in which they can be set, without what else is in the text", async () => {
    const taken = await importFrom({ files });
    assert.deepEqual(variableLines(taken, { SET: "x", DB_HOST: "h" }), [
      "export A_KEY=…",
      "export KEY=…  # The \\u001b[31mkey",
      "export A_B_AUTHORIZATION=…",
      'export A_B_AUTHORIZATION_2="Bearer ${A_KEY}"',
      'export A_B_AUTHORIZATION_3="Bearer ${A_B_AUTHORIZATION}"',
      "export DB_URL=…",
      'export ASK_P="a …"  # The \\u001b[31mkey',
    ]);
  });

  it("stand in the file beside what they are to hold", async () => {
    const { text } = await importFrom({ files });
    const url = 'DB_URL is to hold "postgres://me:secret-word@${DB_HOST}/db"';
    assert.ok(text.includes(`    // ${url}\n    "db": {`), text);
  });
});

describe("the secrets of an import", () => {
  it("are found where they stand in the open, and never told", async () => {
    const server = {
      command: "x",
      args: [
        "--api-key",
        "secret-word-1",
        "--token=secret-word-2",
        "--key-file",
        "/etc/key",
        "postgres://u:secret-word-3@h/db",
        "ghp_secretword4",
        "--verbose",
        "plain",
      ],
      env: {
        API_KEY: "secret-word-5",
        KEY_PATH: "./secret-word",
        AUTH: "true",
        TOKENS: "4096",
        REF: "${env:REF_TOKEN}",
        EMPTY_TOKEN: "",
      },
    };
    const remote = {
      url: "https://h.example/mcp?api_key=secret-word-6",
      headers: { Authorization: "Bearer secret-word-7", "X-Trace": "on" },
    };
    const { secrets, summary } = await importFrom({
      files: { [CURSOR]: withServers({ "a.b": server, remote }) },
    });
    assert.deepEqual(secrets, [
      'mcpServers["a.b"].args[1]',
      'mcpServers["a.b"].args[2]',
      'mcpServers["a.b"].args[5]',
      'mcpServers["a.b"].args[6]',
      'mcpServers["a.b"].env.API_KEY',
      "mcpServers.remote.url",
      "mcpServers.remote.headers.Authorization",
    ]);
    assert.ok(!summary.includes("secret"), summary);
  });
});

describe("the files of a client", () => {
  function paths(
    platform: string,
    environment: Readonly<Record<string, string>> = {},
  ) {
    const home = platform === "win32" ? "C:\\Users\\me" : "/home/me";
    const folder = platform === "win32" ? "D:\\project" : "/project";
    const where = { platform, home, folder, environment };
    const of = (client: ImportableName) =>
      placesOf(client, where).map(({ path }) => path);
    return Object.fromEntries(IMPORTABLE_NAMES.map((name) => [name, of(name)]));
  }

  it("are where it keeps them on Linux and macOS", () => {
    const linux = paths("linux");
    assert.deepEqual(linux, {
      "claude-code": ["/home/me/.claude.json", "/project/.mcp.json"],
      cursor: ["/home/me/.cursor/mcp.json", "/project/.cursor/mcp.json"],
      vscode: [
        "/home/me/.config/Code/User/mcp.json",
        "/home/me/.config/Code - Insiders/User/mcp.json",
        "/project/.vscode/mcp.json",
      ],
      windsurf: ["/home/me/.codeium/windsurf/mcp_config.json"],
      codex: ["/home/me/.codex/config.toml", "/project/.codex/config.toml"],
      gemini: [
        "/home/me/.gemini/settings.json",
        "/project/.gemini/settings.json",
      ],
      "claude-desktop": ["/home/me/.config/Claude/claude_desktop_config.json"],
    });
    const support = "/home/me/Library/Application Support";
    const mac = paths("darwin");
    assert.deepEqual(mac["claude-desktop"], [
      `${support}/Claude/claude_desktop_config.json`,
    ]);
    assert.equal(mac.vscode?.[0], `${support}/Code/User/mcp.json`);
    assert.deepEqual(mac.cursor, linux.cursor);
  });

  it("are those of the documentation", () => {
    const page = readFileSync(join(ROOT, "docs", "import.md"), "utf8");
    const where = {
      platform: "linux",
      home: "/h",
      folder: "/h/p",
      environment: {},
    };
    for (const client of IMPORTABLE_NAMES) {
      const [row = ""] = page.match(
        new RegExp(`^\\| \`${client}\` .*$`, "m"),
      ) ?? [];
      const named = placesOf(client, where)
        .filter(({ path }) => !path.includes("Insiders"));
      for (const { shown } of named) {
        assert.ok(row.includes(`\`${shown}\``), shown);
      }
    }
  });

  it("are where it keeps them on Windows", () => {
    const usual = paths("win32");
    const roaming = "C:\\Users\\me\\AppData\\Roaming";
    assert.deepEqual(usual["claude-desktop"], [
      `${roaming}\\Claude\\claude_desktop_config.json`,
      "C:\\Users\\me\\AppData\\Local\\Packages\\Claude_pzs8sxrjxfjjc\\LocalCache\\Roaming\\Claude\\claude_desktop_config.json",
    ]);
    assert.deepEqual(usual.cursor, [
      "C:\\Users\\me\\.cursor\\mcp.json",
      "D:\\project\\.cursor\\mcp.json",
    ]);
    const moved = paths("win32", { APPDATA: "E:\\App" });
    assert.equal(moved.vscode?.[0], "E:\\App\\Code\\User\\mcp.json");
  });

  it("are where variables say that they are", () => {
    const moved = paths("linux", {
      XDG_CONFIG_HOME: "/xdg",
      CODEX_HOME: "/codex",
      CLAUDE_CONFIG_DIR: "/claude",
    });
    assert.equal(moved.vscode?.[0], "/xdg/Code/User/mcp.json");
    assert.equal(moved.codex?.[0], "/codex/config.toml");
    assert.equal(moved["claude-code"]?.[0], "/claude/.claude.json");
  });

  it("are left alone where they cannot be read, with the reason", async (t) => {
    await using folder = await TemporaryFolder.create();
    const at = (name: string) => join(folder.path, name);
    mkdirSync(at("folder"));
    const odd = await readClientFile(at("folder"), "json");
    assert.deepEqual(odd, { kind: "fault", problem: "it is no ordinary file" });
    assert.deepEqual(await readClientFile(at("none"), "toml"), {
      kind: "absent",
    });
    if (process.platform === "win32") return t.skip("needs pipes with names");
    assert.equal(spawnSync("mkfifo", [at("pipe")]).status, 0);
    chmodSync(at("pipe"), 0o600);
    assert.deepEqual(await readClientFile(at("pipe"), "json"), odd);
  });

  it("are those of the clients that are named", () => {
    assert.deepEqual(importableNames(undefined), [...IMPORTABLE_NAMES]);
    assert.deepEqual(importableNames("codex, cursor"), ["cursor", "codex"]);
    assert.throws(() => importableNames("cursor,curser"), {
      message: 'nothing can be imported from "curser"',
    });
  });
});
