// `mcp-front check` with real servers on every transport: what it prints, for which token, and how it ends.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runCheck } from "../support/check_run.ts";
import {
  assertClean,
  listing,
  reported,
  startMeeting,
  startOdd,
  withTokens,
} from "../support/check_report.ts";
import { installed, startEverything } from "../support/reference_servers.ts";
import { LIMIT, pathOf } from "../support/shared_gateway.ts";
import { configWith } from "../support/simple_config.ts";

describe("mcp-front check", () => {
  it("tells what servers on every transport have", LIMIT, async () => {
    await using everything = await startEverything();
    const filesystem = installed("filesystem");
    const folder = pathOf(".");
    const end = await reported({
      ...everything.mcpServers,
      files: { command: "node", args: [filesystem, folder] },
      plain: listing("pages", { authTokens: ["test"] }),
    });
    assert.equal(end.code, 0, end.stdout);
    assertClean(end);
    const shown = [...end.servers.values()].map((one) => [
      one.name,
      one.token,
      one.status,
      one.transport,
      one.revision,
      one.server.name,
      one.tools,
      one.prompts,
      one.resources,
      one.resource_templates,
    ]);
    const all = ["2025-11-25", "mcp-servers/everything", 13, 4, 7, 2];
    assert.deepEqual(shown, [
      ["over-stdio", "dev", "ready", "stdio", ...all],
      ["over-sse", "dev", "ready", "sse", ...all],
      ["over-streamable-http", "dev", "ready", "streamable-http", ...all],
      [
        "files",
        "dev",
        "ready",
        "stdio",
        "2025-11-25",
        "secure-filesystem-server",
        14,
        null,
        null,
        null,
      ],
      [
        "plain",
        "test",
        "ready",
        "stdio",
        "2025-11-25",
        "listing",
        6,
        null,
        null,
        null,
      ],
    ]);
    for (const { connect_ms, error } of end.servers.values()) {
      assert.ok(connect_ms > 0);
      assert.equal(error, null);
    }
    const { config, ready, failed, not_allowed } = end.report;
    assert.deepEqual(
      { config, ready, failed, not_allowed },
      { config: "config.jsonc", ready: 5, failed: 0, not_allowed: 0 },
    );
  });

  it("finds out which transport a url speaks", LIMIT, async () => {
    await using odd = await startOdd();
    const { code, servers, stdout } = await reported({
      streamable: { url: `${odd.origin}/mcp` },
      events: { url: `${odd.origin}/events` },
      given: { url: `${odd.origin}/given`, transport: "sse" },
    });
    assert.equal(code, 0, stdout);
    const found = [...servers.values()].map(({ transport }) => transport);
    assert.deepEqual(found, ["streamable-http", "sse", "sse"]);
  });

  it(
    "leaves out what the named token may not use, without starting it",
    LIMIT,
    async () => {
      const end = await reported(
        {
          both: listing("none"),
          theirs: { command: "no-such-program", authTokens: ["dev"] },
          mine: listing("none", { authTokens: ["test"] }),
        },
        "-token",
        "test",
      );
      assert.equal(end.code, 0, end.stdout);
      assertClean(end);
      const shown = [...end.servers.values()].map((one) => [
        one.status,
        one.token,
        one.rule,
      ]);
      assert.deepEqual(shown, [
        ["ready", "test", null],
        [
          "not_allowed",
          "test",
          'authTokens of server "theirs" does not list "test"',
        ],
        ["ready", "test", null],
      ]);
    },
  );

  it(
    "prints a table without colours or cursor movement where there is no terminal",
    LIMIT,
    async () => {
      const end = await runCheck({
        config: configWith({
          odd: listing("steers"),
          wide: listing("is wide"),
          missing: { command: "no-such-program" },
        }),
        env: { TERM: "xterm-256color" },
      });
      assert.equal(end.code, 1);
      assertClean(end);
      const text = end.stdout.replaceAll(
        /ready \d+ ms|ready \d\.\d s/g,
        "ready",
      );
      assert.equal(
        text.replaceAll(/ +/g, " "),
        `\
server status transport revision tools prompts resources implementation
odd ready stdio 2025-11-25 0 - - \\u001b[2Jevil\\u202e 1.0.0
wide ready stdio 2025-11-25 0 - - データベース 1.0.0
missing failed stdio
 Server "missing" cannot be started: command "no-such-program" not found
 hint: install it, or give its full path; it is looked for on the PATH of the server's environment

2 of 3 servers are ready, as "dev"
`,
      );
    },
  );

  it(
    "ends with 2 where the file or the token's name is wrong, and starts nothing",
    LIMIT,
    async () => {
      const wrong = configWith({ files: { comand: "true" } });
      const bad = await runCheck({ config: wrong });
      assert.deepEqual([bad.code, bad.stdout], [2, ""]);
      assert.match(
        bad.stderr,
        /^config\.jsonc:1:\d+: error: mcpServers\.files/m,
      );
      assert.match(
        bad.stderr,
        /^mcp-front: error: config\.jsonc cannot be used/m,
      );

      const unset = configWith({
        files: { ...listing("none"), env: { A: "$env:NOT_SET_ANYWHERE" } },
      });
      const missing = await runCheck({ config: unset, args: ["-json"] });
      assert.deepEqual([missing.code, missing.stdout], [2, ""]);
      assert.match(missing.stderr, /NOT_SET_ANYWHERE/);

      const config = withTokens({ files: listing("none") });
      const args = ["-token", "tests"];
      const unknown = await runCheck({ config, args });
      assert.deepEqual([unknown.code, unknown.stdout], [2, ""]);
      assert.equal(
        unknown.stderr,
        'mcp-front: error: there is no token "tests" in config.jsonc\n' +
          'mcp-front: hint: did you mean "test"? the tokens are: dev, test\n',
      );
    },
  );

  it("tells warnings on stderr, and goes on", LIMIT, async () => {
    const config = configWith({ files: listing("none", { autoApprove: [] }) });
    const { code, stdout, stderr } = await runCheck({ config });
    assert.equal(code, 0, stdout);
    assert.match(
      stderr,
      /^config\.jsonc:1:\d+: warning: mcpServers\.files\.aut/,
    );
    assert.match(stdout, /^1 of 1 server is ready, as "dev"$/m);
  });

  it("shows the gateway's log to who asks for it", LIMIT, async () => {
    const { code, stdout, stderr } = await runCheck({
      config: configWith({ files: listing("none") }),
      env: { LOG_LEVEL: "debug", LOG_FORMAT: "" },
    });
    assert.equal(code, 0, stdout);
    const lines = stderr.trimEnd().split("\n").map((line) => JSON.parse(line));
    const said = lines.map(({ level, msg }) => `${level} ${msg}`);
    assert.ok(said.includes("INFO Authenticated request"), stderr);
    assert.ok(said.includes("DEBUG Backend stderr"), stderr);
    assert.ok(said.includes("INFO Session closed"), stderr);
    assert.ok(said.every((text) => !text.startsWith("WARN")), stderr);
    assert.doesNotMatch(stdout, /INFO|DEBUG/);
  });

  it("examines eight servers at the same time", LIMIT, async () => {
    const paths = Array.from({ length: 8 }, (_, at) => `/${at}`);
    await using meeting = await startMeeting(paths);
    const entries = paths.map((path) => [
      `server-${path.slice(1)}`,
      { url: `${meeting.origin}${path}`, timeouts: { open: "5s" } },
    ]);
    const { code, stdout } = await reported(Object.fromEntries(entries));
    assert.equal(code, 0, stdout);
  });

  it(
    "waits for its turn when there are many servers, and reports in their order",
    LIMIT,
    async () => {
      const names = Array.from({ length: 20 }, (_, at) => `server-${at}`);
      const entries = names.map((name) => [name, listing("none")]);
      const { code, servers, leftovers } = await reported(
        Object.fromEntries(entries),
      );
      assert.equal(code, 0);
      assert.deepEqual([...servers.keys()], names);
      assert.deepEqual(leftovers, []);
    },
  );
});
