// What clients are given where they get access tokens themselves, and where static tokens are left.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CLIENT_NAMES } from "../../lib/cli/connect/client_names.ts";
import { clientFor, clientsFor } from "../../lib/cli/connect/clients.ts";
import { connectionJson } from "../../lib/cli/connect/connection_json.ts";
import { connectionText } from "../../lib/cli/connect/connection_text.ts";
import { entryOf } from "../../lib/cli/connect/entry.ts";
import { logsIn } from "../../lib/cli/connect/logs_in.ts";
import { PLAIN } from "../../lib/cli/palette.ts";
import { read } from "../config/marked.ts";

const FILE = "c.jsonc";

function rulesOf(auth: object) {
  const text = JSON.stringify({
    proxy: {
      baseUrl: "https://gw.example",
      auth: { tokens: { dev: "dev-0123456789abcdef" }, ...auth },
    },
    mcpServers: {
      open: { command: "c" },
      closed: { command: "c", authTokens: ["dev"] },
      both: { command: "c", authTokens: ["dev"], authGroups: ["sre"] },
    },
  });
  const { rules, problems } = read(text);
  assert.ok(rules, JSON.stringify(problems));
  return rules;
}

const OAUTH = { kind: "oauth", issuer: "https://login.example" };
const ENTRY = entryOf("db.x", "https://gw.example", "oauth");

describe("a client", () => {
  it("logs in by itself where access tokens may use what it is to use", () => {
    const rules = rulesOf(OAUTH);
    const found = [undefined, "open", "closed", "both"]
      .map((server) => logsIn({ file: FILE, server }, rules));
    assert.deepEqual(found, [true, true, false, true]);
  });

  it("gets a static token where one is named", () => {
    const wish = { file: FILE, server: "open", token: "dev" };
    assert.equal(logsIn(wish, rulesOf(OAUTH)), false);
  });

  it("gets a static token where there is nothing else", () => {
    const { servers, ...rest } = rulesOf(OAUTH);
    const rules = { ...rest, servers, oauth: undefined };
    assert.equal(logsIn({ file: FILE }, rules), false);
  });

  it("is refused a server that there is not", () => {
    assert.throws(
      () => logsIn({ file: FILE, server: "opne" }, rulesOf(OAUTH)),
      { message: `there is no server "opne" in ${FILE}`, exitCode: 2 },
    );
  });
});

describe("the snippets for clients that log in", () => {
  it("hold the url, and nothing of a token", () => {
    for (const { name, snippets } of clientsFor(ENTRY)) {
      for (const { text, note = "" } of snippets) {
        assert.match(text, /https:\/\/gw\.example\/db\.x\/mcp/, name);
        const said = text + note;
        assert.doesNotMatch(said, /bearer|header|authorization|token/i, name);
        assert.doesNotMatch(said, /inputs|"env"|env_var/, name);
      }
    }
    assert.equal(clientsFor(ENTRY).length, CLIENT_NAMES.length);
  });

  it("say what else is to be done with Codex", () => {
    const [{ text, note }] = clientFor("codex", ENTRY).snippets;
    const url = `url = "https://gw.example/db.x/mcp"`;
    assert.equal(text, `[mcp_servers.db-x]\n${url}`);
    assert.equal(note, "then: codex mcp login db-x");
  });

  it("leave the inspector its browser", () => {
    const [{ text }] = clientFor("inspector", ENTRY).snippets;
    assert.doesNotMatch(text, /--cli/);
    const [{ text: typed }] =
      clientFor("inspector", { ...ENTRY, credential: "token" }).snippets;
    assert.match(typed, /--cli .*--header "Authorization: Bearer \$MCP_TOKEN"/);
  });

  it("are told as ones that want no token", () => {
    const clients = [clientFor("cursor", ENTRY)];
    const connection = { server: "db.x", entry: ENTRY, clients };
    assert.equal(
      connectionText(connection, PLAIN),
      `\
Server "db.x" at https://gw.example/db.x/mcp, by OAuth: the client opens a browser to log in:

Cursor, in .cursor/mcp.json:

{
  "mcpServers": {
    "db-x": {
      "url": "https://gw.example/db.x/mcp"
    }
  }
}
`,
    );
    const json = JSON.parse(connectionJson(connection, FILE));
    assert.deepEqual(
      [json.config, json.url, json.token, json.variable],
      [FILE, ENTRY.url, null, null],
    );
  });

  it("are not those of static tokens, which may have a warning", () => {
    const entry = entryOf(undefined, "https://gw.example/static");
    const text = connectionText({
      token: { name: "dev", file: FILE, isHashed: false },
      note: "Beware.",
      entry,
      clients: [],
    }, PLAIN);
    assert.equal(
      text,
      `\
All servers at https://gw.example/static/mcp, as token "dev":

Beware.

export MCP_TOKEN=…  # the value of token "dev" in c.jsonc
`,
    );
  });
});
