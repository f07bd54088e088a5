// Servers with a command: paths relative to the file, and an environment without the gateway's tokens.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ReadOptions } from "../../lib/config/read.ts";
import type { StdioOptions } from "../../lib/transports/backend/stdio_options.ts";
import {
  assertError,
  assertWarning,
  read,
  withServer,
  withTokens,
} from "./marked.ts";

describe("a command", () => {
  const posix: [string, string][] = [
    ["npx", "npx"],
    ["./server", "/etc/gateway/server"],
    ["bin/server", "/etc/gateway/bin/server"],
    ["../server", "/etc/server"],
    ["/usr/bin/server", "/usr/bin/server"],
    ["a\\\\b", "a\\b"],
  ];
  for (const [written, command] of posix) {
    it(`${written} is ${command}`, () => {
      const stdio = stdioOf(`"command": "${written}"`);
      assert.equal(stdio.command, command);
    });
  }

  const windows: [string, string][] = [
    ["npx", "npx"],
    [".\\\\server.exe", "C:\\gateway\\server.exe"],
    ["bin/server.exe", "C:\\gateway\\bin\\server.exe"],
    ["D:\\\\server.exe", "D:\\server.exe"],
  ];
  for (const [written, command] of windows) {
    it(`${written} is ${command} on Windows`, () => {
      const stdio = stdioOf(`"command": "${written}"`, WINDOWS);
      assert.equal(stdio.command, command);
      assert.equal(stdio.cwd, "C:\\gateway");
    });
  }

  it("runs in the folder of the file, or in one relative to it", () => {
    assert.equal(stdioOf(`"command": "c"`).cwd, "/etc/gateway");
    assert.equal(stdioOf(`"command": "c", "cwd": "a"`).cwd, "/etc/gateway/a");
    assert.equal(stdioOf(`"command": "c", "cwd": "/tmp"`).cwd, "/tmp");
  });

  it("gets its arguments as they are", () => {
    const { args } = stdioOf(
      `"command": "c", "args": ["./a", "", "*", "$HOME"]`,
    );
    assert.deepEqual(args, ["./a", "", "*", "$HOME"]);
    assert.deepEqual(stdioOf(`"command": "c"`).args, []);
  });

  it("takes the pasted type stdio, and no other", () => {
    assert.equal(stdioOf(`"type": "stdio", "command": "c"`).command, "c");
    assertError(withServer(`{ "command": "c", "type": ▲"http" }`), {
      path: "mcpServers.x.type",
      message: /found "http", wanted "stdio": the server has a command/,
    });
  });

  const bad: [string, string, RegExp][] = [
    [`"command": ▲""`, "command", /an empty command/],
    [`"command": ▲" "`, "command", /an empty command/],
    [`"command": ▲"~/bin/c"`, "command", /only a shell/],
    [`"command": ▲"a\\u0000b"`, "command", /NUL/],
    [`"command": "c", "cwd": ▲"~"`, "cwd", /only a shell/],
    [`"command": "c", "args": [▲"\\u0000"]`, "args[0]", /NUL/],
    [`"command": "c", "env": { "A": ▲"\\u0000" }`, "env.A", /NUL/],
    [`"command": "c", "env": { ▲"A=B": "" }`, `env["A=B"]`, /no name of/],
    [`"command": "c", "env": { ▲"": "" }`, `env[""]`, /no name of/],
    [`"command": "c", "inheritEnv": [▲"*"]`, "inheritEnv[0]", /found "\*"/],
    [`"command": "c", "inheritEnv": [▲"A=b"]`, "inheritEnv[0]", /a variable/],
    [`"command": "c", ▲"headers": {}`, "headers", /servers with a url/],
    [`"command": "c", ▲"transport": "sse"`, "transport", /servers with a url/],
  ];
  for (const [members, key, message] of bad) {
    it(`may not be { ${members.replace("▲", "")} }`, () => {
      const path = `mcpServers.x.${key}`;
      assertError(withServer(`{ ${members} }`), { path, message });
    });
  }

  it("with its arguments in the name is a warning", () => {
    assertWarning(withServer(`{ "command": ▲"npx -y server" }`), {
      path: "mcpServers.x.command",
      message: /white space in the name/,
      hint: /"args"/,
    });
  });
});

describe("the environment of a child", () => {
  const environment = {
    PATH: "/bin",
    HOME: "/home/u",
    LC_ALL: "C",
    LANG: "de",
    TMPDIR: "/tmp",
    XDG_CONFIG_HOME: "/c",
    HTTPS_PROXY: "http://p",
    AWS_SECRET_ACCESS_KEY: "k",
    NODE_OPTIONS: "--x",
    UNSET: undefined,
  };

  it("has ordinary variables and no others", () => {
    const { env } = stdioOf(`"command": "c"`, { environment });
    assert.deepEqual(env, {
      PATH: "/bin",
      HOME: "/home/u",
      LC_ALL: "C",
      LANG: "de",
      TMPDIR: "/tmp",
      XDG_CONFIG_HOME: "/c",
    });
  });

  it("has what inheritEnv names, where that is set", () => {
    const { env } = stdioOf(
      `"command": "c", "inheritEnv": ["HTTPS_PROXY", "UNSET", "NO_PROXY"]`,
      { environment },
    );
    assert.equal(env.HTTPS_PROXY, "http://p");
    assert.equal("UNSET" in env || "NO_PROXY" in env, false);
  });

  it("has its env, which wins", () => {
    const { env } = stdioOf(
      `"command": "c", "inheritEnv": ["HTTPS_PROXY"],
       "env": { "PATH": "/x", "HTTPS_PROXY": "", "KEY": "$env:NODE_OPTIONS",
         "constructor": "c" }`,
      { environment },
    );
    assert.equal(env.PATH, "/x");
    assert.equal(env.HTTPS_PROXY, "");
    assert.equal(env.KEY, "--x");
    assert.equal(Object.hasOwn(env, "constructor"), true);
  });

  it("does not look at case on Windows, and keeps one of two spellings", () => {
    const { env } = stdioOf(
      `"command": "c", "env": { "PATH": "D:\\\\" }, "inheritEnv": ["https_proxy"]`,
      {
        ...WINDOWS,
        environment: {
          Path: "C:\\",
          SystemRoot: "C:\\Windows",
          HTTPS_PROXY: "p",
          "ProgramFiles(x86)": "C:\\P",
          SECRET: "s",
        },
      },
    );
    assert.deepEqual(env, {
      SystemRoot: "C:\\Windows",
      HTTPS_PROXY: "p",
      "ProgramFiles(x86)": "C:\\P",
      PATH: "D:\\",
    });
  });
});

describe("a token of the gateway", () => {
  const token = "0123456789abcdef";
  const environment = { T: token, COPY: token, OTHER: `x ${token}` };
  const cases: [string, string, RegExp][] = [
    [`"env": { "A": ▲"$env:T" }`, "env.A", /the variable T, which a token/],
    [`"env": { "A": ▲"$env:T|x" }`, "env.A", /the variable T/],
    [`"env": { "A": ▲"${token}" }`, "env.A", /the value of the token "dev"/],
    [`"env": { "A": ▲"$env:COPY" }`, "env.A", /value of the token "dev"/],
    [`"env": { "A": ▲"Bearer ${token}" }`, "env.A", /value of the token "dev"/],
    [`"args": ["a", ▲"$env:T"]`, "args[1]", /the variable T/],
    [`"args": ["a", ▲"--t=${token}"]`, "args[1]", /value of the token "dev"/],
    [`"cwd": ▲"$env:T"`, "cwd", /the variable T/],
    [`"inheritEnv": [▲"T"]`, "inheritEnv[0]", /the variable T/],
    [`"inheritEnv": [▲"COPY"]`, "inheritEnv[0]", /value of the token "dev"/],
    [`"inheritEnv": [▲"OTHER"]`, "inheritEnv[0]", /value of the token "dev"/],
  ];
  for (const [members, key, message] of cases) {
    it(`may not reach a child by { ${members.replace("▲", "")} }`, () => {
      assertError(fileWith(members), {
        path: `mcpServers.x.${key}`,
        message,
      }, { environment });
    });
  }

  it("is recognised by its variable where variables are not looked at", () => {
    assertError(
      fileWith(`"inheritEnv": [▲"T"]`),
      { path: "mcpServers.x.inheritEnv[0]", message: /the variable T/ },
      { environment: "unknown" },
    );
  });

  it("is recognised in any spelling of its variable on Windows", () => {
    assertError(
      fileWith(`"inheritEnv": [▲"t"]`),
      { path: "mcpServers.x.inheritEnv[0]", message: /the variable t/ },
      { ...WINDOWS, environment },
    );
  });

  it("is left out where an ordinary variable holds it", () => {
    const { config, problems } = read(
      withTokens(`"dev": "$env:LC_TOKEN", "ops": "/usr/bin:/usr/local/bin"`),
      {
        environment: {
          LC_TOKEN: token,
          LANG: token,
          PATH: "/usr/bin:/usr/local/bin",
          HOME: "/h",
        },
      },
    );
    assert.deepEqual(problems, []);
    const backend = config?.servers[0].backend;
    assert.deepEqual(backend?.kind === "stdio" && backend.stdio.env, {
      HOME: "/h",
    });
  });

  function fileWith(members: string): string {
    return withTokens(`"dev": "$env:T"`)
      .replace(`"command": "node"`, `"command": "node", ${members}`);
  }
});

const WINDOWS = { platform: "win32", directory: "C:\\gateway" };

function stdioOf(
  members: string,
  options: Partial<ReadOptions> = {},
): StdioOptions {
  const { config, problems } = read(withServer(`{ ${members} }`), options);
  assert.deepEqual(problems, []);
  const backend = config?.servers[0].backend;
  if (backend?.kind !== "stdio") throw new Error("no server with a command");
  return backend.stdio;
}
