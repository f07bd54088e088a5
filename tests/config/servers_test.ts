// `mcpServers`: names, the choice of url or command, keys, timeouts.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RESERVED_NAMES } from "../../lib/routing/reserved.ts";
import {
  assertError,
  assertWarning,
  read,
  withServer,
  withServers,
} from "./marked.ts";

describe("mcpServers", () => {
  it("is wanted, with at least one server", () => {
    const proxy = withServers("").replace(/,\s*"mcpServers".*/s, "");
    const message = /found no server, wanted at least one/;
    assertError(`▲${proxy} }`, { path: "mcpServers", message });
    assertError(withServers("").replace("{  }", "▲{}"), {
      path: "mcpServers",
      message,
    });
    assertError(withServers("").replace("{  }", "▲[]"), {
      path: "mcpServers",
      message: /found an array, wanted an object of servers/,
    });
  });

  it("leaves disabled servers out, and checks them nevertheless", () => {
    const { config } = read(withServers(
      `"a": { "command": "c", "disabled": true },
       "b": { "command": "c", "disabled": false }`,
    ));
    assert.deepEqual(config?.servers.map(({ name }) => name), ["b"]);
    assertError(
      withServers(
        `"a": { "url": ▲"x", "disabled": true }, "b": { "command": "c" }`,
      ),
      { path: "mcpServers.a.url", message: /no url/ },
    );
    assertError(
      withServer(`{ "command": "c", "disabled": true }`)
        .replace(`"mcpServers": `, `"mcpServers": ▲`),
      { path: "mcpServers", message: /only disabled servers/ },
    );
  });

  it("takes names that can stand in a url", () => {
    for (const name of ["a", "A.b_c~d-9", "...", "x".repeat(64), "Health"]) {
      const text = withServers(`"${name}": { "command": "c" }`);
      assert.deepEqual(read(text).problems, [], name);
    }
  });

  const badNames = ["", ".", "..", "a/b", "a?b", "a b", "ä", "a%20", "a#"];
  for (const name of [...badNames, "x".repeat(65)]) {
    it(`refuses the name "${name}"`, () => {
      const text = withServers(`▲"${name}": { "command": "c" }`);
      assertError(text, {
        path: /^[\w-]+$/.test(name)
          ? `mcpServers.${name}`
          : `mcpServers["${name}"]`,
        message: /wanted a name that can stand in a url/,
      });
    });
  }

  it("says what clients of the other era see of a server", () => {
    const bridgeOf = (keys: string) =>
      read(withServer(`{ "command": "c"${keys} }`)).config?.servers[0]?.bridge;
    assert.equal(bridgeOf(""), "auto");
    for (const mode of ["auto", "always", "native"]) {
      assert.equal(bridgeOf(`, "bridge": "${mode}"`), mode);
    }
    assertError(withServer(`{ "command": "c", "bridge": ▲"never" }`), {
      path: "mcpServers.x.bridge",
      message: /found "never", wanted "auto", "always" or "native"/,
    });
  });

  it("refuses names that are paths of the gateway", () => {
    for (const name of RESERVED_NAMES) {
      const text = withServers(`▲"${name}": { "command": "c" }`);
      const path = name.includes(".")
        ? `mcpServers["${name}"]`
        : `mcpServers.${name}`;
      assertError(text, { path, message: /a path of the gateway itself/ });
    }
    for (const name of ["health", "sse", "mcp", "messages", ".well-known"]) {
      assert.ok(RESERVED_NAMES.has(name));
    }
  });

  it("wants a url or a command, and not both", () => {
    assertError(withServers(`▲"x": {}`), {
      path: "mcpServers.x",
      message: /no url and no command, wanted one of them/,
    });
    assertError(
      withServers(`▲"x": { "command": "c", "httpUrl": "http://h" }`),
      { path: "mcpServers.x", message: /found both "url" and "command"/ },
    );
  });

  it("tells a wrong type once, and not that the key is missing", () => {
    assertError(withServer(`{ "command": ▲["npx", "a"] }`), {
      path: "mcpServers.x.command",
      message: /found an array, wanted the program to start/,
    });
    assertError(withServer(`{ "url": ▲null }`), {
      path: "mcpServers.x.url",
      message: /found null, wanted a url/,
    });
    assertError(withServers(`"x": ▲"npx"`), {
      path: "mcpServers.x",
      message: /found a string, wanted an object/,
    });
    assertError(withServer(`{ "command": "c", "args": ["-p", ▲8080] }`), {
      path: "mcpServers.x.args[1]",
      message: /found a number, wanted a string/,
      hint: /double quotes/,
    });
    assertError(withServer(`{ "command": "c", "disabled": ▲"yes" }`), {
      path: "mcpServers.x.disabled",
      message: /found a string, wanted true or false/,
    });
  });
});

describe("unknown keys", () => {
  const server: [string, RegExp][] = [
    ["comand", /did you mean "command"/],
    ["authtokens", /did you mean "authTokens"/],
    ["authToken", /did you mean "authTokens"/],
    ["header", /did you mean "headers"/],
    ["environment", /write "env"/],
    ["enabled", /"disabled": true/],
    ["isActive", /"disabled": true/],
    ["envFile", /"inheritEnv"/],
    ["allowedHosts", /belongs in proxy/],
    ["open", /belongs in mcpServers.NAME.timeouts/],
    ["zzz", /^take it out; the keys here are: url, .*command, /],
  ];
  for (const [key, hint] of server) {
    it(`${key} in a server is refused`, () => {
      assertError(withServer(`{ "command": "c", ▲"${key}": true }`), {
        path: `mcpServers.x.${key}`,
        message: new RegExp(`^unknown key "${key}"$`),
        hint,
      });
    });
  }

  const elsewhere: [string, string, string, RegExp][] = [
    [`{`, `{ ▲"servers": {},`, "servers", /did you mean "mcpServers"/],
    [`{`, `{ ▲"inputs": [],`, "inputs", /\$env:NAME/],
    [`{`, `{ ▲"auth": {},`, "auth", /"auth" belongs in proxy$/],
    [`{`, `{ ▲"mcpservers": {},`, "mcpservers", /did you mean "mcpServers"/],
    [`"addr"`, `▲"tokens": {}, "addr"`, "proxy.tokens", /proxy\.auth/],
    [
      `"addr"`,
      `▲"port": 1, "addr"`,
      "proxy.port",
      /^take it out; the keys here are: .*\baddr\b/,
    ],
    [`"kind"`, `▲"token": 1, "kind"`, "proxy.auth.token", /"tokens"/],
  ];
  for (const [before, after, path, hint] of elsewhere) {
    it(`${path} is refused`, () => {
      const text = withServer(`{ "command": "c" }`).replace(before, after);
      assertError(text, { path, message: /^unknown key/, hint });
    });
  }

  it("do not keep the rest of the object from being checked", () => {
    const { problems } = read(
      withServer(`{ "url": "x", "a": 1, "timeouts": { "b": 1, "open": "c" } }`),
    );
    assert.deepEqual(problems.map((problem) => problem.path), [
      "mcpServers.x.url",
      "mcpServers.x.a",
      "mcpServers.x.timeouts.b",
      "mcpServers.x.timeouts.open",
    ]);
  });

  it("of any length are told briefly", () => {
    const key = "k".repeat(100_000);
    const { problems } = read(withServer(`{ "command": "c", "${key}": 1 }`));
    assert.equal(problems.length, 1);
    assert.ok(JSON.stringify(problems).length < 600);
  });
});

const DEFAULTS = {
  openMs: 30_000,
  requestMs: 300_000,
  requestMaxMs: 3_600_000,
};

describe("timeouts", () => {
  it("have defaults", () => {
    assert.deepEqual(timeouts(`"disabled": false`), DEFAULTS);
  });

  const good: [string, number][] = [
    ["500ms", 500],
    ["30s", 30_000],
    ["1.5s", 1_500],
    ["5m", 300_000],
    ["24h", 86_400_000],
  ];
  for (const [text, ms] of good) {
    it(`take ${text}`, () => {
      const read = timeouts(`"timeouts": { "open": "${text}" }`);
      assert.deepEqual(read, { ...DEFAULTS, openMs: ms });
    });
  }

  const bad = ["", "0s", "30", "5 s", "-1s", "25h", "1d", "0.4ms", "5S", "∞"];
  for (const text of bad) {
    it(`refuse "${text}"`, () => {
      assertError(
        withServer(`{ "command": "c", "timeouts": { "request": ▲"${text}" } }`),
        {
          path: "mcpServers.x.timeouts.request",
          message: /wanted a duration of 1ms to 24h/,
        },
      );
    });
  }

  it("refuse a number", () => {
    assertError(withServer(`{ "command": "c", "timeouts": { "open": ▲30 } }`), {
      path: "mcpServers.x.timeouts.open",
      message: /found a number, wanted a duration such as "30s"/,
    });
  });

  it("take a pasted timeout in milliseconds", () => {
    assert.deepEqual(timeouts(`"timeout": 60000`), {
      ...DEFAULTS,
      requestMs: 60_000,
    });
  });

  it("warn of a pasted timeout that may be in seconds", () => {
    assertWarning(withServer(`{ "command": "c", "timeout": ▲60 }`), {
      path: "mcpServers.x.timeout",
      message: /in milliseconds/,
      hint: /"60s"/,
    });
  });

  it("refuse a pasted timeout that is none", () => {
    for (const value of ["0", "-5", "1e400", "86400001"]) {
      assertError(withServer(`{ "command": "c", "timeout": ▲${value} }`), {
        path: "mcpServers.x.timeout",
        message: /wanted (milliseconds from 1 to 86400000|a number of mill)/,
      });
    }
  });

  it("are said once", () => {
    assertError(
      withServer(
        `{ "command": "c", "timeouts": { "request": "5s" }, ▲"timeout": 5000 }`,
      ),
      { path: "mcpServers.x.timeout", message: /same as "timeouts.request"/ },
    );
  });
});

function timeouts(members: string): unknown {
  const { config, problems } = read(
    withServer(`{ "command": "c", ${members} }`),
  );
  assert.deepEqual(problems, []);
  return config?.servers[0].backend.timeouts;
}
