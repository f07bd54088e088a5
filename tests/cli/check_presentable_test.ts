// What `mcp-front check` does to texts from outside before it shows them.

import assert from "node:assert/strict";
import { platform } from "node:os";
import { describe, it } from "node:test";
import {
  MAX_LINE_CHARS,
  presentable,
} from "../../lib/cli/check/presentable.ts";
import { readConfig } from "../../mod.ts";

const environment = {
  PATH: "/usr/local/bin:/usr/bin",
  HOME: "/home/somebody",
  API_KEY: "key-from-the-shell",
};

const { config } = readConfig(
  JSON.stringify({
    proxy: {
      auth: { kind: "bearer_token", tokens: { dev: "token-of-a-developer" } },
    },
    mcpServers: {
      far: {
        url: "https://far.example/mcp?key=a%20key%20of%20theirs",
        headers: { Authorization: "Bearer secret-of-far", "X-Mode": "fast" },
      },
      near: {
        command: "node",
        env: {
          DATABASE_URL: "postgresql://u:hunter2%2Fsecret@h/db",
          ODD_URL: "postgresql://u:half%of-it@h/db",
          HOME: "/home/of-the-server",
          MODE: "fast",
        },
        inheritEnv: ["API_KEY"],
      },
    },
  }),
  { file: "c", directory: "/", environment, platform: platform() },
);
assert.ok(config);
const shown = presentable(config, environment);

describe("a text from outside", () => {
  it("is shown without the values of tokens, headers and url queries", () => {
    const texts = {
      "I know token-of-a-developer not": "I know [secret] not",
      "bad Bearer secret-of-far": "bad [secret]",
      "bad secret-of-far!": "bad [secret]!",
      "GET /mcp?key=a%20key%20of%20theirs": "GET /mcp[secret]",
      "no a key of theirs": "no [secret]",
    };
    for (const [text, wanted] of Object.entries(texts)) {
      assert.equal(shown(text), wanted);
    }
  });

  it("is shown without what a server is given by env and inheritEnv", () => {
    const texts = {
      "cannot connect to postgresql://u:hunter2%2Fsecret@h/db!":
        "cannot connect to [secret]!",
      "no user with hunter2%2Fsecret": "no user with [secret]",
      "no user with hunter2/secret": "no user with [secret]",
      "no user with half%of-it": "no user with [secret]",
      "bad key-from-the-shell": "bad [secret]",
      "not in /home/of-the-server": "not in [secret]",
    };
    for (const [text, wanted] of Object.entries(texts)) {
      assert.equal(shown(text), wanted);
    }
  });

  it("keeps the values of ordinary variables", () => {
    const text = "not on /usr/local/bin:/usr/bin, nor in /home/somebody";
    assert.equal(shown(text), text);
  });

  it("keeps values that are too short to be secrets", () => {
    assert.equal(shown("not so fast"), "not so fast");
  });

  it("cannot steer a terminal", () => {
    assert.equal(
      shown("a\u001b[2Jb\u202ec\rd"),
      "a\\u001b[2Jb\\u202ec\\u000dd",
    );
  });

  it("is cut where it is too long, after secrets are taken out", () => {
    const text = shown(`${"x".repeat(MAX_LINE_CHARS - 5)}secret-of-far`);
    assert.equal(text.length, MAX_LINE_CHARS);
    assert.ok(text.endsWith("[sec…"), text.slice(-20));
  });
});
