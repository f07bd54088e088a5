// `$env:` references: what they give, and what only looks like one.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Environment } from "../../lib/config/values.ts";
import { assertError, read, withServer } from "./marked.ts";

describe("a reference", () => {
  const cases: [string, string, Record<string, string>, string][] = [
    ["is replaced by its variable", "$env:X", { X: "v" }, "v"],
    ["is case-sensitive", "$env:x|d", { X: "v" }, "d"],
    ["takes its default when not set", "$env:X|d", {}, "d"],
    ["takes its default when empty", "$env:X|d", { X: "" }, "d"],
    ["prefers its variable to the default", "$env:X|d", { X: "v" }, "v"],
    ["splits at the first bar", "$env:X|a|b", {}, "a|b"],
    ["may have an empty default", "$env:X|", {}, ""],
    ["keeps white space of a default", "$env:X| d ", {}, " d "],
    ["is not read again", "$env:X", { X: "$env:Y" }, "$env:Y"],
    ["gives ${} of a variable as it is", "$env:X", { X: "${Y}" }, "${Y}"],
    ["gives $$ of a variable as it is", "$env:X", { X: "$$env:Y" }, "$$env:Y"],
    ["may have a literal in its default", "$env:X|$$env:Y", {}, "$env:Y"],
    ["keeps white space of a variable", "$env:X", { X: " v\n" }, " v\n"],
  ];
  for (const [what, raw, environment, expected] of cases) {
    it(what, () => assert.equal(argument(raw, environment), expected));
  }

  it("is replaced wherever a string stands", () => {
    const { config, problems } = read(REFERENCES_EVERYWHERE, {
      environment: {
        ADDR: "127.0.0.1:7",
        TOKEN: "0123456789abcdef",
        NAME: "dev",
        URL: "http://h/sse",
        KIND: "bearer_token",
        TIME: "7s",
      },
    });
    assert.deepEqual(problems, []);
    assert.equal(config?.address.port, 7);
    assert.deepEqual(config?.servers[0].authTokens, ["dev"]);
    assert.equal(config?.servers[0].backend.timeouts.openMs, 7_000);
  });
});

const REFERENCES_EVERYWHERE = `{
  "version": "$env:VERSION|1.0",
  "proxy": {
    "addr": "$env:ADDR",
    "auth": { "kind": "$env:KIND", "tokens": { "dev": "$env:TOKEN" } }
  },
  "mcpServers": {
    "x": {
      "url": "$env:URL",
      "authTokens": ["$env:NAME"],
      "timeouts": { "open": "$env:TIME" }
    }
  }
}`;

describe("a literal", () => {
  const cases: [string, string, string][] = [
    ["$env: after one more $", "$$env:PATH", "$env:PATH"],
    ["$env: inside a string", "echo $$env:PATH", "echo $env:PATH"],
    ["$$env: after one more $", "$$$env:PATH", "$$env:PATH"],
    ["${ after one more $", "echo $${HOME}", "echo ${HOME}"],
    ["a lone $", "$HOME $$ $ $5 $$x", "$HOME $$ $ $5 $$x"],
    ["env: without $", "env:X", "env:X"],
    ["braces without $", "{x} $ {y}", "{x} $ {y}"],
    ["$env without colon", "$environment", "$environment"],
    ["an unfinished ${", "a ${ b", "a ${ b"],
  ];
  for (const [what, raw, expected] of cases) {
    it(`${what} is kept`, () => assert.equal(argument(raw, {}), expected));
  }
});

describe("what is no reference", () => {
  const cases: [string, string, RegExp, RegExp][] = [
    ["an unset variable", "$env:X", /variable X is not set/, /X\|default/],
    ["$env: alone", "$env:", /found nothing after "\$env:"/, /NAME/],
    ["a name that begins with a digit", "$env:1X", /no name/, /NAME/],
    ["a name with a dash", "$env:A-B", /no name/, /NAME/],
    ["a name with spaces", "$env: X", /no name/, /NAME/],
    ["no name before the default", "$env:|d", /found nothing/, /NAME/],
    ["$ENV:", "$ENV:X", /lower case/, /\$\$env:/],
    ["$env: inside a string", "Bearer $env:X", /inside a str/, /whole text/],
    ["a reference in a default", "$env:X|$env:Y", /default of X/, /\$\$env/],
    ["${VAR}", "${VAR}", /"\$\{VAR\}"/, /write "\$env:VAR"/],
    ["${env:VAR}", "${env:VAR}", /not replaced/, /write "\$env:VAR"/],
    ["${VAR:-x}", "${VAR:-x}", /not replaced/, /"\$env:VAR\|default"/],
    ["${input:x}", "${input:my-key}", /not replaced/, /"\$env:MY_KEY"/],
    ["${VAR} inside", "Bearer ${VAR}", /not replaced/, /whole text/],
    ["${workspaceFolder}", "${workspaceFolder}/a", /editor/, /the path/],
    ["${…} with more in it", "${a.b c}", /"\$\{…\}"/, /\$env:NAME/],
  ];
  for (const [what, raw, message, hint] of cases) {
    it(`${what} is a problem`, () => {
      const text = withServer(
        `{ "command": "c", "args": ["a", ▲${JSON.stringify(raw)}] }`,
      );
      assertError(text, { path: "mcpServers.x.args[1]", message, hint });
    });
  }

  it("an empty variable without default is a problem", () => {
    assertError(
      withServer(`{ "command": ▲"$env:X" }`),
      {
        path: "mcpServers.x.command",
        message: /X is empty/,
        hint: /"\$env:X\|"/,
      },
      { environment: { X: "" } },
    );
  });

  it("names of inherited members are variables that are not set", () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      assertError(withServer(`{ "command": ▲"$env:${name}" }`), {
        path: "mcpServers.x.command",
        message: new RegExp(`${name} is not set`),
      });
    }
  });

  it("is a problem in a disabled server too", () => {
    assertError(
      `{
        "proxy": { "auth": { "kind": "bearer_token", "tokens": {
          "dev": "0123456789abcdef" } } },
        "mcpServers": {
          "x": { "command": "c" },
          "y": { "disabled": true, "url": "http://h", "env": { "A": ▲"$env:X" } }
        }
      }`,
      { path: "mcpServers.y.env.A", message: /X is not set/ },
    );
  });
});

describe("checking without variables", () => {
  it("asks for none of them, and leaves out what depends on them", () => {
    const { config, problems } = read(
      REFERENCES_EVERYWHERE.replace('"dev":', '"dev": "$env:A", "ops":'),
      { environment: "unknown" },
    );
    assert.equal(config, undefined);
    assert.deepEqual(problems, []);
  });

  it("still checks how references are written", () => {
    assertError(
      withServer(`{ "command": ▲"$env:1" }`),
      { path: "mcpServers.x.command", message: /no name/ },
      { environment: "unknown" },
    );
  });

  it("checks defaults", () => {
    assertError(
      withServer(`{ "url": ▲"$env:URL|postgres:5432" }`),
      { path: "mcpServers.x.url", message: /no url in the default of URL/ },
      { environment: "unknown" },
    );
  });
});

/** What a child gets as its argument for a string of the file. */
function argument(raw: string, environment: Environment): string {
  const text = withServer(
    `{ "command": "c", "args": [${JSON.stringify(raw)}] }`,
  );
  const { config, problems } = read(text, { environment });
  assert.deepEqual(problems, []);
  const backend = config?.servers[0].backend;
  assert.equal(backend?.kind, "stdio");
  return backend.kind === "stdio" ? backend.stdio.args[0] : "";
}
