// With what a command comes in: a token of its own, with the rights of another one or with all, narrowed.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CommandError } from "../../lib/cli/command_error.ts";
import { entryFor, OPERATOR } from "../../lib/cli/exec/entry.ts";
import { narrowingOf } from "../../lib/cli/exec/narrowing.ts";
import { stepsFor } from "../../lib/cli/exec/steps.ts";
import { read } from "../config/marked.ts";

const FILE = "ci.jsonc";

const TEXT = JSON.stringify({
  proxy: {
    addr: ":8080",
    baseUrl: "https://mcp.example.com/base",
    allowedHosts: ["mcp.example.com"],
    auth: {
      kind: "bearer_token",
      tokens: {
        ci: {
          value: "$env:CI_TOKEN",
          expires: "2999-12-31",
          tools: { deny: ["drop"] },
        },
        past: { value: "$env:PAST", expires: "2001-01-01" },
        dev: "$env:DEV",
      },
    },
  },
  mcpServers: {
    files: { command: "c", authTokens: ["ci"] },
    db: { command: "c" },
    theirs: { command: "c", authTokens: ["dev"] },
  },
});

function loaded() {
  const { config, rules } = read(TEXT, { entry: "unneeded" });
  assert.ok(config && rules);
  return { config, rules };
}

/** The servers that a command may use. */
function open(token?: string, ...words: string[]): string[] {
  const { config } = loaded();
  const names = config.servers.map(({ name }) => name);
  const only = narrowingOf(words, names, FILE);
  return stepsFor(entryFor(loaded(), { token, only }, FILE))
    .filter(({ kind }) => kind === "visit").map(({ server }) => server.name);
}

function refused(look: () => unknown): { message: string; hint: string } {
  try {
    look();
  } catch (error) {
    assert.ok(error instanceof CommandError);
    assert.equal(error.exitCode, 2);
    const { message, hint } = error;
    return { message, hint };
  }
  throw new Error("it was not refused");
}

describe("the entry of a command", () => {
  it("is the only token, new each time, on a free port of this machine", () => {
    const [one, other] = [{ token: "ci" }, { token: "ci" }].map((rights) =>
      entryFor(loaded(), rights, FILE)
    );
    assert.ok(one && other);
    const { config, credential } = one;
    assert.deepEqual([...config.tokens.keys()], ["ci"]);
    assert.match(credential.reveal(), /^[\w-]{43}$/);
    assert.notEqual(credential.reveal(), other.credential.reveal());
    assert.deepEqual(config.address, { hostname: "127.0.0.1", port: 0 });
    assert.equal(config.baseUrl, undefined);
  });

  it("has the rights and the end of the token that was named", () => {
    const { config } = entryFor(loaded(), { token: "ci" }, FILE);
    assert.equal(config.tokens.get("ci")?.expires?.getUTCFullYear(), 3000);
    assert.ok(config.scopes.get("ci")?.tools?.deny);
    assert.deepEqual(open("ci"), ["files", "db"]);
  });

  it("has all rights, under a name that is none, where no token was named", () => {
    const { config, name } = entryFor(loaded(), {}, FILE);
    assert.equal(name, OPERATOR);
    assert.deepEqual([...config.tokens.keys()], [OPERATOR]);
    assert.equal(config.scopes.get(OPERATOR)?.tools, undefined);
    assert.deepEqual(open(), ["files", "db", "theirs"]);
  });

  it("asks no authorization server, whose secret need not be there", () => {
    const auth = {
      kind: "oauth",
      issuer: "https://login.example",
      introspection: { clientId: "gw", clientSecret: "$env:CLIENT_SECRET" },
    };
    const text = JSON.stringify({
      proxy: { baseUrl: "https://gw.example", auth },
      mcpServers: { db: { command: "c", authScopes: ["a"] } },
    });
    const { config, rules } = read(text, { entry: "unneeded" });
    assert.ok(config?.oauth && rules);
    const entry = entryFor({ config, rules }, {}, FILE);
    assert.equal(entry.config.oauth, undefined);
    assert.deepEqual(stepsFor(entry).map(({ kind }) => kind), ["visit"]);
  });

  it("is refused for a token that is unknown or has expired", () => {
    assert.match(refused(() => open("pasts")).hint, /did you mean "past"\?/);
    assert.deepEqual(refused(() => open("past")), {
      message: 'token "past" was valid until 2001-01-02T00:00:00Z',
      hint: "name another token, or give it a later end",
    });
  });
});

describe("-only", () => {
  it("leaves the servers that it names", () => {
    assert.deepEqual(open("ci", "db"), ["db"]);
    assert.deepEqual(open("ci", "files/read_*", "db"), ["files", "db"]);
  });

  it("collects the tools of a server, and has all of it where it is named itself", () => {
    const only = narrowingOf(
      ["files/a", "files/b/c*", "db/x", "db"],
      ["files", "db"],
      FILE,
    );
    const files = only?.servers.get("files");
    assert.ok(files && files !== "all");
    assert.deepEqual(files.patterns.map(({ text }) => text), ["a", "b/c*"]);
    assert.equal(only?.servers.get("db"), "all");
    assert.equal(narrowingOf([], ["files"], FILE), undefined);
  });

  it("is refused where it names nothing, or leaves nothing", () => {
    assert.equal(
      refused(() => open("ci", "file/x")).hint,
      'did you mean "files"? the servers are: files, db, theirs',
    );
    assert.match(refused(() => open("ci", "db/")).message, /names no tool$/);
    assert.deepEqual(refused(() => open("ci", "theirs")), {
      message: "the command may use no server",
      hint: '-only does not name server "files"; ' +
        '-only does not name server "db"; ' +
        'authTokens of server "theirs" does not list "ci"',
    });
  });
});
