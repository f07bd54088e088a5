// `proxy.auth`: the gateway is never open by accident, and tokens are told by name only.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DOCUMENTED_TOKENS } from "../../lib/config/documented_tokens.ts";
import { formatProblem } from "../../lib/config/problems.ts";
import {
  assertError,
  assertWarning,
  read,
  withServer,
  withTokens,
} from "./marked.ts";

const LONG = "0123456789abcdef";

describe("auth", () => {
  const cases: [string, string, string, RegExp][] = [
    ["no auth", `▲{}`, "proxy.auth", /found no "auth"; .* never open/],
    ["auth that is no object", `{ "auth": ▲"x" }`, "proxy.auth", /a string/],
    [
      "no kind",
      `{ "auth": ▲{ "tokens": { "dev": "${LONG}" } } }`,
      "proxy.auth.kind",
      /found no "kind", wanted "bearer_token"/,
    ],
    [
      "another kind",
      `{ "auth": { "kind": ▲"basic", "tokens": { "dev": "${LONG}" } } }`,
      "proxy.auth.kind",
      /found "basic", wanted "bearer_token"/,
    ],
    [
      "no tokens",
      `{ "auth": ▲{ "kind": "bearer_token" } }`,
      "proxy.auth.tokens",
      /found no token; .* never open/,
    ],
    [
      "an empty object of tokens",
      `{ "auth": { "kind": "bearer_token", "tokens": ▲{} } }`,
      "proxy.auth.tokens",
      /found no token/,
    ],
    [
      "tokens as an array",
      `{ "auth": { "kind": "bearer_token", "tokens": ▲["${LONG}"] } }`,
      "proxy.auth.tokens",
      /found an array/,
    ],
    [
      "a token that is no string",
      `{ "auth": { "kind": "bearer_token", "tokens": { "dev": ▲12 } } }`,
      "proxy.auth.tokens.dev",
      /found a number, wanted a string/,
    ],
  ];
  for (const [what, proxy, path, message] of cases) {
    it(`refuses ${what}, with one problem`, () => {
      const servers = `"mcpServers": { "x": { "command": "node" } }`;
      assertError(`{ "proxy": ${proxy}, ${servers} }`, { path, message });
    });
  }
});

describe("a token", () => {
  it("is kept by its name, in the order of the file", () => {
    const { config } = read(
      withTokens(`"b": "${LONG}b", "1": "${LONG}1", "constructor": "${LONG}c"`),
    );
    assert.deepEqual(
      [...config?.tokens ?? []].map((
        [name, token],
      ) => [name, token.value?.reveal()]),
      [["b", `${LONG}b`], ["1", `${LONG}1`], ["constructor", `${LONG}c`]],
    );
  });

  it("may have any visible ASCII but comma and double quote", () => {
    const legal = Array.from({ length: 94 }, (_, i) => i + 33)
      .map((code) => String.fromCharCode(code))
      .filter((character) => character !== '"' && character !== ",").join("");
    const text = withTokens(`"dev": ${JSON.stringify(legal)}`);
    assert.deepEqual(read(text).problems, []);
  });

  const bad: [string, string, RegExp][] = [
    ["an empty token", "", /empty/],
    ["white space", "0123456789 abcdef", /white space/],
    ["a space at the end", "0123456789abcdef ", /white space/],
    ["a line break at the end", "0123456789abcdef\n", /white space/],
    ["a no-break space", "0123456789\u00a0abcdef", /white space/],
    ["a comma", "0123456789,abcdef", /comma or double quote/],
    ["a double quote", '0123456789"abcdef', /comma or double quote/],
    ["a control character", "0123456789\u0007abcdef", /visible ASCII/],
    ["a letter beyond ASCII", "0123456789äbcdef", /visible ASCII/],
    ["the word Bearer", "Bearer 0123456789abcdef", /the word "Bearer"/],
  ];
  for (const [what, value, message] of bad) {
    it(`is refused for ${what}`, () => {
      const path = "proxy.auth.tokens.dev";
      const raw = JSON.stringify(value);
      assertError(withTokens(`"dev": ▲${raw}`), { path, message });
      if (value === "") return;
      assertError(
        withTokens(`"dev": ▲"$env:T"`),
        { path, message: new RegExp(`${message.source}.* in T$`) },
        { environment: { T: value } },
      );
    });
  }

  it("that an empty default gives is refused", () => {
    assertError(withTokens(`"dev": ▲"$env:T|"`), {
      path: "proxy.auth.tokens.dev",
      message: /empty token in the default of T/,
    });
  });

  it("of two names is told with both names", () => {
    assertError(withTokens(`"a": "${LONG}",\n "b": ▲"$env:T"`), {
      path: "proxy.auth.tokens.b",
      message: /tokens "a" and "b" have the same value/,
    }, { environment: { T: LONG } });
  });

  it("that is a name is refused: names are in the log", () => {
    assertError(
      withTokens(`"dev": "${LONG}", "b": ▲"some-long-dev-name",
      "some-long-dev-name": "${LONG}2"`),
      {
        path: "proxy.auth.tokens.b",
        message: /also a token's name/,
      },
    );
  });

  const names = ["", " ", " a", "a\\n", "a\\u202eb", "n".repeat(65)];
  for (const name of names) {
    it(`may not have the name "${name}"`, () => {
      const path = `proxy.auth.tokens["${name}"]`;
      assertError(withTokens(`▲"${name}": "${LONG}"`), {
        path: name.length === 65 ? `proxy.auth.tokens.${name}` : path
          .replace("\\u202e", "\u202e"),
        message: /wanted a name of 1 to 64 printable characters/,
      });
    });
  }

  it("may have a name with spaces and letters of any script", () => {
    const text = withTokens(`"Ålice's laptop": "${LONG}"`);
    assert.deepEqual(read(text).problems, []);
  });

  it("under 16 characters is a warning", () => {
    assertWarning(withTokens(`"dev": ▲"0123456789abcde"`), {
      path: "proxy.auth.tokens.dev",
      message: /of 15 characters; 16 or more/,
    });
    assert.deepEqual(read(withTokens(`"dev": "${LONG}"`)).problems, []);
  });

  it("that the documentation prints is a warning where others can connect", () => {
    for (const token of DOCUMENTED_TOKENS) {
      const text = withTokens(`"dev": "${token}"`);
      const local = read(text).problems.map(formatProblem).join("\n");
      assert.doesNotMatch(local, /documentation/);
      const open = read(text.replace("127.0.0.1:0", "0.0.0.0:0"));
      const told = open.problems.map(formatProblem).join("\n");
      assert.match(told, /tokens\.dev: token "dev" has a value .* printed in/);
      assert.ok(!told.includes(token));
      assert.notEqual(open.config, undefined);
    }
  });
});

describe("authTokens", () => {
  it("limits a server to the names it lists, each once", () => {
    const { config } = read(
      withServer(`{ "command": "c", "authTokens": ["ops", "dev", "ops"] }`),
    );
    assert.deepEqual(config?.servers[0].authTokens, ["ops", "dev"]);
  });

  it("is absent for a server that every token may use", () => {
    const { config } = read(withServer(`{ "command": "c" }`));
    assert.equal(config?.servers[0].authTokens, undefined);
  });

  it("is a warning when it is empty", () => {
    assertWarning(withServer(`{ "command": "c", "authTokens": ▲[] }`), {
      path: "mcpServers.x.authTokens",
      message: /nobody can use this server/,
    });
  });

  it("refuses a name that no token has", () => {
    const path = "mcpServers.x.authTokens[1]";
    const message = /wanted the name of a token in proxy\.auth\.tokens/;
    assertError(
      withServer(`{ "command": "c", "authTokens": ["dev", ▲"opss"] }`),
      { path, message, hint: /did you mean "ops"/ },
    );
    assertError(
      withServer(`{ "command": "c", "authTokens": ["dev", ▲"production"] }`),
      { path, message, hint: /there are "dev", "ops"/ },
    );
  });

  it("refuses the value of a token without showing it", () => {
    const text = withServer(
      `{ "command": "c", "authTokens": [▲"ops-0123456789abcdef"] }`,
    );
    assertError(text, {
      path: "mcpServers.x.authTokens[0]",
      message: /^found the value of a token, wanted its name$/,
      hint: /^write "ops"$/,
    });
  });

  it("knows a name whose token is not sound", () => {
    assertError(
      withTokens(`"dev": ▲""`).replace(
        `"node"`,
        `"node", "authTokens": ["dev"]`,
      ),
      { path: "proxy.auth.tokens.dev", message: /empty/ },
    );
  });

  it("tells every name that is wrong, also beside a wrong type", () => {
    const { problems } = read(
      withServer(`{ "command": "c", "authTokens": ["a", 5, "b"] }`),
    );
    assert.deepEqual(problems.map((problem) => problem.path), [
      "mcpServers.x.authTokens[0]",
      "mcpServers.x.authTokens[1]",
      "mcpServers.x.authTokens[2]",
    ]);
  });
});
