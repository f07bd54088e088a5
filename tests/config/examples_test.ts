// Every example that people are given loads: of the documentation, of the reference, and the file for development.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Config } from "../../lib/config/config.ts";
import { formatProblem } from "../../lib/config/problems.ts";
import {
  DEVELOPMENT_EXAMPLE,
  PARTIAL_EXAMPLES,
} from "./documented_examples.ts";
import { completed, uncommented } from "./example_texts.ts";
import { read } from "./marked.ts";

const ENVIRONMENT = {
  DEV_TOKEN: "my-secure-dev-token",
  PROD_TOKEN: "",
  DATABASE_URL: "postgresql://localhost/devdb",
};

describe("the documented development set-up", () => {
  it("loads as it is printed, with the variables it is printed with", () => {
    const config = sound(DEVELOPMENT_EXAMPLE, ENVIRONMENT);
    assert.equal(config.name, "Development MCP Proxy");
    assert.deepEqual(config.address, { port: 8080 });
    assert.equal(
      config.tokens.get("dev")?.value?.reveal(),
      "my-secure-dev-token",
    );
    assert.equal(config.tokens.get("test")?.value?.reveal(), "test-token-456");
    const [database, files] = config.servers;
    assert.deepEqual(database.authTokens, ["dev", "test"]);
    assert.equal(
      database.backend.kind === "remote" && database.backend.remote.url.href,
      "http://postgres-mcp:3000/sse",
    );
    assert.deepEqual(files.authTokens, ["dev"]);
    assert.deepEqual(
      files.backend.kind === "stdio" && files.backend.stdio.args,
      ["/app/file-server.js"],
    );
  });

  it("wants its variable to be set", () => {
    const { problems } = read(DEVELOPMENT_EXAMPLE);
    const errors = problems.filter(({ severity }) => severity === "error");
    assert.deepEqual(errors.map(formatProblem), [
      "test.jsonc:20:25: error: mcpServers.database.env.DATABASE_URL: the " +
      "environment variable DATABASE_URL is not set (hint: set it, or write " +
      'a default: "$env:DATABASE_URL|default")',
    ]);
  });
});

describe("the documented parts of a file", () => {
  for (const [index, part] of PARTIAL_EXAMPLES.entries()) {
    it(`number ${index + 1} loads`, () => {
      sound(completed(part), ENVIRONMENT);
    });
  }

  it("allow tokens with a default that are not set", () => {
    const part = PARTIAL_EXAMPLES.find((text) => text.includes("PROD_TOKEN"));
    const { tokens } = sound(completed(part ?? ""), ENVIRONMENT);
    assert.equal(tokens.get("production")?.value?.reveal(), "default-token");
  });
});

describe("the examples of the reference", () => {
  it("load without a warning", async () => {
    const text = await fileOf("docs/configuration.md");
    const examples = [...text.matchAll(/```jsonc\n(.*?)```/gs)];
    assert.notEqual(examples.length, 0);
    for (const [, example] of examples) {
      const { config, problems } = read(example, {
        environment: {
          ALICE_TOKEN: "0123456789abcdef",
          CI_TOKEN: "fedcba9876543210",
          SEARCH_AUTHORIZATION: "Bearer abc",
        },
      });
      assert.deepEqual(problems, []);
      assert.notEqual(config, undefined);
    }
  });
});

describe("config.dev.jsonc", () => {
  it("loads without any variable, on an address only this machine reaches", async () => {
    const config = sound(await fileOf("config.dev.jsonc"), {});
    assert.deepEqual(config.address, { hostname: "127.0.0.1", port: 8080 });
    assert.equal(config.baseUrl?.href, "http://localhost:8080/");
    assert.deepEqual(
      config.servers.map(({ name, authTokens }) => [name, authTokens]),
      [
        ["database", ["dev", "test"]],
        ["files", ["dev"]],
        ["everything", undefined],
      ],
    );
  });

  it("loads with its examples taken out of their comments", async () => {
    const text = uncommented(await fileOf("config.dev.jsonc"));
    const { servers } = sound(text, {
      DATABASE_URL: "postgresql://localhost/devdb",
      TICKETS_AUTHORIZATION: "Bearer abc",
      SEARCH_API_KEY: "abc",
    });
    assert.deepEqual(servers.map(({ name }) => name), [
      "database",
      "files",
      "tickets",
      "search",
      "everything",
    ]);
  });
});

/** The text of a file of this repository. */
function fileOf(path: string): Promise<string> {
  const { href } = new URL(`../../${path}`, import.meta.url);
  return readFile(fileURLToPath(href), "utf8");
}

/** The configuration of a text that may have warnings. */
function sound(
  text: string,
  environment: Readonly<Record<string, string>>,
): Config {
  const { config, problems } = read(text, { environment });
  const errors = problems.filter(({ severity }) => severity === "error");
  assert.deepEqual(errors.map(formatProblem), []);
  if (config === undefined) throw new Error("no configuration");
  return config;
}
