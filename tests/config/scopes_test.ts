// The rules of a token and of a server as the file has them, and what can be wrong with them.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  assertError,
  assertWarning,
  read,
  withServer,
  withTokens,
} from "./marked.ts";

const VALUE = `"value": "dev-0123456789abcdef"`;
const TOKEN = "proxy.auth.tokens.dev";

/** A file whose token `dev` has these members besides its value. */
function withRules(members: string): string {
  return withTokens(`"dev": { ${VALUE}, ${members} }`);
}

describe("a token with rules", () => {
  it("is a token like one that is written as its value", () => {
    const text = withTokens(
      `"dev": { "value": "$env:DEV" }, "b": "${"b".repeat(16)}"`,
    );
    const { config, problems } = read(text, {
      environment: { DEV: "dev-0123456789abcdef" },
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      [...config?.tokens ?? []].map((
        [name, token],
      ) => [name, token.value?.reveal()]),
      [["dev", "dev-0123456789abcdef"], ["b", "b".repeat(16)]],
    );
    assert.deepEqual(config?.scopes.get("dev"), { servers: new Map() });
    assert.equal(config?.scopes.has("b"), false);
  });

  it("keeps of each pattern where it stands", () => {
    const { config } = read(
      withRules(`"tools": {
        "allow": ["read_*",
          "$env:ONE"]
      }, "readOnly": true`),
      { environment: { ONE: "query" } },
    );
    const path = `${TOKEN}.tools.allow`;
    assert.deepEqual(config?.scopes.get("dev"), {
      tools: {
        allow: {
          path,
          line: 5,
          patterns: [
            { path: `${path}[0]`, line: 5, text: "read_*", shown: '"read_*"' },
            {
              path: `${path}[1]`,
              line: 6,
              text: "query",
              shown: "the value in ONE",
            },
          ],
        },
      },
      readOnly: { path: `${TOKEN}.readOnly`, line: 7 },
      servers: new Map(),
    });
  });

  const bad: [string, string, string, RegExp, RegExp?][] = [
    ["no value", `▲{ "readOnly": true }`, TOKEN, /found no "value"/, /\$env/],
    [
      "a value that is no string",
      `{ "value": ▲12 }`,
      `${TOKEN}.value`,
      /found a number, wanted a string, the token/,
      /double quotes/,
    ],
    ["an empty value", `{ "value": ▲"" }`, `${TOKEN}.value`, /empty token/],
    [
      "neither form",
      `▲["x"]`,
      TOKEN,
      /found an array, wanted a string or an object with a value/,
    ],
    [
      "an unknown key",
      `{ ${VALUE}, ▲"toolz": {} }`,
      `${TOKEN}.toolz`,
      /unknown key "toolz"/,
      /did you mean "tools"/,
    ],
    [
      "an unknown key of a list",
      `{ ${VALUE}, "tools": { ▲"alow": [] } }`,
      `${TOKEN}.tools.alow`,
      /unknown key "alow"/,
      /did you mean "allow"/,
    ],
    [
      "an allow list that is no array",
      `{ ${VALUE}, "tools": { "allow": ▲"a" } }`,
      `${TOKEN}.tools.allow`,
      /found a string, wanted an array of patterns/,
    ],
    [
      "a list in place of rules",
      `{ ${VALUE}, "prompts": ▲["a"] }`,
      `${TOKEN}.prompts`,
      /found an array, wanted an object with allow and deny/,
    ],
    [
      "a pattern that is no string",
      `{ ${VALUE}, "tools": { "deny": [▲1] } }`,
      `${TOKEN}.tools.deny[0]`,
      /found a number, wanted a string/,
    ],
    [
      "an empty pattern",
      `{ ${VALUE}, "resources": { "deny": ["a", ▲""] } }`,
      `${TOKEN}.resources.deny[1]`,
      /found an empty pattern/,
      /"\*" fits every/,
    ],
    [
      "readOnly in words",
      `{ ${VALUE}, "readOnly": ▲"yes" }`,
      `${TOKEN}.readOnly`,
      /found a string, wanted true or false/,
    ],
    [
      "a server that does not exist",
      `{ ${VALUE}, "servers": { ▲"X": {} } }`,
      `${TOKEN}.servers.X`,
      /found "X", wanted the name of a server in mcpServers/,
      /did you mean "x"/,
    ],
    [
      "an unknown key of a server",
      `{ ${VALUE}, "servers": { "x": { ▲"readonly": true } } }`,
      `${TOKEN}.servers.x.readonly`,
      /unknown key/,
      /did you mean "readOnly"/,
    ],
    [
      "an unknown key of a server's list",
      `{ ${VALUE}, "servers": { "x": { "tools": { ▲"denyy": [] } } } }`,
      `${TOKEN}.servers.x.tools.denyy`,
      /unknown key/,
      /did you mean "deny"/,
    ],
    [
      "servers as an array",
      `{ ${VALUE}, "servers": ▲["x"] }`,
      `${TOKEN}.servers`,
      /found an array, wanted an object of rules by server name/,
    ],
    [
      "the value of a token as a pattern",
      `{ ${VALUE}, "tools": { "deny": [▲"x-dev-0123456789abcdef*"] } }`,
      `${TOKEN}.tools.deny[0]`,
      /^found the value of the token "dev"; patterns are told to callers$/,
    ],
  ];
  for (const [what, entry, path, message, hint] of bad) {
    it(`is refused for ${what}, with one problem`, () => {
      assertError(withTokens(`"dev": ${entry}`), { path, message, hint });
    });
  }

  it("is told everything that is wrong with it at once", () => {
    const { problems } = read(
      withTokens(`"dev": {
        "value": 5, "tools": { "alow": [], "deny": [""] }, "x": 1,
        "servers": { "nowhere": { "readOnly": 0 } }
      }`),
    );
    assert.deepEqual(problems.map(({ path }) => path), [
      `${TOKEN}.value`,
      `${TOKEN}.tools.alow`,
      `${TOKEN}.tools.deny[0]`,
      `${TOKEN}.x`,
      `${TOKEN}.servers.nowhere`,
      `${TOKEN}.servers.nowhere.readOnly`,
    ]);
  });

  it("with a key that belongs elsewhere is told where that is", () => {
    assertError(
      withTokens(`"dev": "dev-0123456789abcdef"`)
        .replace(`"addr"`, `▲"readOnly": true, "addr"`),
      {
        path: "proxy.readOnly",
        message: /unknown key/,
        hint: /^"readOnly" belongs in proxy\.auth\.tokens\.NAME$/,
      },
    );
  });

  it("that allows nothing is a warning", () => {
    assertWarning(withRules(`"tools": { "allow": ▲[] }`), {
      path: `${TOKEN}.tools.allow`,
      message: /found no pattern; nothing is allowed/,
      hint: /leave "allow" out/,
    });
    const none = read(withRules(`"tools": { "deny": [] }`));
    assert.deepEqual(none.problems, []);
  });

  it("with rules for a server that is not open to it is a warning", () => {
    const text = withRules(`"servers": { ▲"x": {} }`)
      .replace(`"node"`, `"node", "authTokens": ["ops"]`)
      .replace(`"dev":`, `"ops": "ops-0123456789abcdef", "dev":`);
    assertWarning(text, {
      path: `${TOKEN}.servers.x`,
      message: /without effect: authTokens of this server does not list "dev"/,
    });
    const open = text.replace("▲", "").replace(`["ops"]`, `["dev"]`);
    assert.deepEqual(read(open).problems, []);
  });

  it("may name a server that is disabled", () => {
    const text = withRules(`"servers": { "off": {} }`).replace(
      `"x": {`,
      `"off": { "command": "c", "disabled": true }, "x": {`,
    );
    assert.deepEqual(read(text).problems, []);
  });

  it("shows its patterns, and no text that stands where none belongs", () => {
    const text = withTokens(`"dev": {
      "vaule": "misplaced-0123456789",
      "tools": { "alow": "hidden-0123456789", "allow": ["mode*"] }
    }`).replace(
      `"node"`,
      `"node", "toolFilter": { "mode": "mode*", "tools": [] },
        "misplaced-0123456789": 1, "hidden-0123456789": 1`,
    );
    const said = JSON.stringify(read(text).problems);
    assert.match(said, /found \\"mode\*\\", wanted/);
    assert.doesNotMatch(said, /misplaced|hidden/);
    assert.match(said, /\(a token\)/);
  });
});

describe("the rules of a file whose variables are not set", () => {
  it("are known, but for what only a variable says", () => {
    const text = withTokens(`
      "a": "$env:A", "b": { "value": "$env:B", "tools": { "deny": ["$env:C|x"] } }
    `).replace(`"node"`, `"node", "authTokens": ["$env:D", "a"]`);
    const { config, rules, problems } = read(text, { environment: "unknown" });
    assert.equal(config, undefined);
    assert.deepEqual(problems, []);
    assert.deepEqual([...rules?.tokens.keys() ?? []], ["a", "b"]);
    assert.deepEqual(rules?.servers.get("x")?.authTokens, ["a"]);
    assert.deepEqual(rules?.openVariables, new Set(["D", "C"]));
  });

  it("do not need the address of a server, nor that of the gateway", () => {
    const text = `{
      "proxy": { "addr": "$env:ADDR",
        "auth": { "kind": "bearer_token", "tokens": { "a": "$env:A" } } },
      "mcpServers": { "x": { "url": "$env:X" }, "y": { "command": "c" } } }`;
    const { rules, problems } = read(text, { environment: "unknown" });
    assert.deepEqual(problems, []);
    assert.deepEqual([...rules?.servers.keys() ?? []], ["x", "y"]);
  });

  it("are not there where something else is wrong", () => {
    const text = withTokens(`"a": "$env:A"`).replace("node", "");
    assert.equal(read(text, { environment: "unknown" }).rules, undefined);
  });
});

describe("toolFilter", () => {
  const path = "mcpServers.x.toolFilter";

  it("is kept with its mode and its patterns", () => {
    const { config, problems } = read(
      withServer(`{ "command": "c",
        "toolFilter": { "mode": "deny", "tools": ["get_*"] } }`),
    );
    assert.deepEqual(problems, []);
    const { toolFilter } = config?.servers[0] ?? {};
    assert.equal(toolFilter?.mode, "deny");
    assert.equal(toolFilter?.tools.path, `${path}.tools`);
    assert.deepEqual(toolFilter?.tools.patterns, [
      { path: `${path}.tools[0]`, line: 7, text: "get_*", shown: '"get_*"' },
    ]);
  });

  const bad: [string, string, string, RegExp, RegExp?][] = [
    [
      "no mode",
      `▲{ "tools": ["a"] }`,
      path,
      /found no "mode", wanted "allow" or "deny"/,
      /"mode": "allow"/,
    ],
    [
      "no tools",
      `▲{ "mode": "deny" }`,
      path,
      /found no "tools", wanted an array of patterns/,
    ],
    [
      "another mode",
      `{ "mode": ▲"block", "tools": ["a"] }`,
      `${path}.mode`,
      /found "block", wanted "allow" or "deny"/,
    ],
    [
      "a mode that is no string",
      `{ "mode": ▲true, "tools": ["a"] }`,
      `${path}.mode`,
      /found true, wanted "allow" or "deny"/,
    ],
    [
      "an unknown key",
      `{ "mode": "deny", "tools": ["a"], ▲"list": [] }`,
      `${path}.list`,
      /unknown key "list"/,
    ],
    [
      "an array",
      `▲["a"]`,
      path,
      /found an array, wanted an object with mode and tools/,
    ],
    [
      "an empty pattern",
      `{ "mode": "deny", "tools": [▲""] }`,
      `${path}.tools[0]`,
      /found an empty pattern/,
    ],
    [
      "the value of a token",
      `{ "mode": "deny", "tools": [▲"ops-0123456789abcdef"] }`,
      `${path}.tools[0]`,
      /^found the value of the token "ops"/,
    ],
  ];
  for (const [what, entry, place, message, hint] of bad) {
    it(`is refused for ${what}, with one problem`, () => {
      const text = withServer(`{ "command": "c", "toolFilter": ${entry} }`);
      assertError(text, { path: place, message, hint });
    });
  }

  it("without a pattern is a warning", () => {
    const text = (mode: string) =>
      withServer(
        `{ "command": "c", "toolFilter": { "mode": "${mode}", "tools": ▲[] } }`,
      );
    const place = `${path}.tools`;
    assertWarning(text("allow"), { path: place, message: /nobody can use a/ });
    assertWarning(text("deny"), { path: place, message: /takes nothing away/ });
  });
});
