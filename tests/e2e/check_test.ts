// `mcp-front check` with real servers on every transport, and with every way in which they fail.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MARK, runCheck } from "../support/check_run.ts";
import type { CheckEnd } from "../support/check_run.ts";
import { serveHttp } from "../support/http_server.ts";
import type { TestServer } from "../support/http_server.ts";
import { answerStreamable, PlainSse } from "../support/plain_backend.ts";
import { installed, startEverything } from "../support/reference_servers.ts";
import { LIMIT, pathOf } from "../support/shared_gateway.ts";
import { configWith, DEV_TOKEN } from "../support/simple_config.ts";

const TOKENS = { dev: DEV_TOKEN, test: "test-token-that-is-long-enough" };

function withTokens(mcpServers: Record<string, unknown>) {
  const auth = { kind: "bearer_token", tokens: TOKENS };
  return configWith(mcpServers, { auth });
}

function program(file: string, ...args: string[]) {
  return { command: "node", args: [pathOf(file), ...args, MARK] };
}

const illMannered = (habit: string, more = {}) => ({
  ...program("ill_mannered_server.mjs", habit),
  ...more,
});

const listing = (habit: string, more = {}) => ({
  ...program("listing_server.mjs", habit),
  ...more,
});

/** What the JSON form says of each server, by name. */
async function reported(
  mcpServers: Record<string, unknown>,
  ...args: string[]
) {
  const config = withTokens(mcpServers);
  const end = await runCheck({ config, args: ["-json", ...args] });
  assert.notEqual(end.stdout, "", end.stderr);
  const report = JSON.parse(end.stdout);
  return {
    ...end,
    report,
    // deno-lint-ignore no-explicit-any
    servers: new Map<string, any>(
      report.servers.map((one: { name: string }) => [one.name, one]),
    ),
  };
}

/** A server for HTTP of which each path goes wrong, or right, in its own way. */
function startOdd(): Promise<TestServer> {
  const sse = { events: sseAt("/events"), given: sseAt("/given") };
  return serveHttp(async (request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://x");
    if (pathname === "/mcp") return await answerStreamable(request, response);
    const [, name = "", leaf] = pathname.split("/");
    const event = name in sse ? sse[name as keyof typeof sse] : undefined;
    if (event && request.method === (leaf ? "POST" : "GET")) {
      return await event.handle(request, response);
    }
    const status = event ? 405 : Number(name);
    if (status > 0) return void response.writeHead(status).end("not for you");
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<h1>Welcome</h1>");
  });
}

/** Each has one session at a time. */
function sseAt(path: string): PlainSse {
  const sse = new PlainSse();
  sse.endpoint = `${path}/messages`;
  return sse;
}

function assertClean({ stderr, leftovers }: CheckEnd): void {
  assert.equal(stderr, "");
  assert.deepEqual(leftovers, []);
}

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

  it("tells why each server failed, and what to do", LIMIT, async () => {
    await using odd = await startOdd();
    const down = await startOdd();
    await down[Symbol.asyncDispose]();
    const at = (path: string) => ({ url: `${odd.origin}${path}` });
    const end = await reported({
      missing: { command: "no-such-program" },
      uv: { command: "uvx", args: ["x"], env: { PATH: "/nowhere" } },
      folder: { ...listing("none"), cwd: "/no/such/folder" },
      dies: illMannered("dies at start"),
      silent: illMannered("never answers initialize", {
        timeouts: { open: "400ms" },
      }),
      refuses: illMannered("refuses initialize"),
      down: { url: `${down.origin}/mcp` },
      nowhere: { url: "http://no-such-host.invalid/mcp" },
      guarded: at("/401"),
      broken: at("/503"),
      gone: { ...at("/404"), transport: "streamable-http" },
      neither: at("/404"),
      page: at("/page"),
      tls: { url: `${odd.origin.replace("http:", "https:")}/mcp` },
      locked: listing("refuses"),
      garbage: listing("garbage"),
      endless: listing("endless"),
      mute: listing("silent", { timeouts: { request: "400ms" } }),
    });
    assert.equal(end.code, 1);
    assertClean(end);
    const failed: Record<string, [string, RegExp, RegExp]> = {
      missing: [
        "backend_unavailable",
        /"no-such-program" not found$/,
        /^install it, or give its full path/,
      ],
      uv: [
        "backend_unavailable",
        /"uvx" not found$/,
        /^install uv, which uvx is part of$/,
      ],
      folder: [
        "backend_unavailable",
        /folder it should run in does not exist/,
        /^create it, or correct "cwd"$/,
      ],
      dies: ["backend_exited", /exited with code 3$/, /"env" or "inheritEnv"/],
      silent: [
        "backend_timeout",
        /did not answer initialize within 0.4 s$/,
        /"timeouts": { "open": /,
      ],
      refuses: [
        "backend_error",
        /answered initialize with -32602: not today$/,
        /^null$/,
      ],
      down: [
        "backend_unavailable",
        /127\.0\.0\.1:\d+: the connection was refused$/,
        /^start it, or correct the port of its "url"$/,
      ],
      nowhere: [
        "backend_unavailable",
        /its name cannot be resolved$/,
        /host name of its "url"/,
      ],
      guarded: [
        "backend_refused_credentials",
        /\(HTTP 401\)$/,
        /^set or correct "headers"/,
      ],
      broken: ["backend_unavailable", /answered HTTP 503$/, /^null$/],
      gone: ["backend_protocol", /answered HTTP 404$/, /"transport" out/],
      neither: [
        "backend_protocol",
        /speaks neither Streamable HTTP .*HTTP 404.* nor HTTP\+SSE/,
        /"url"/,
      ],
      page: ["backend_protocol", /text\/html instead of MCP/, /"url"/],
      tls: ["backend_unavailable", /TLS handshake failed$/, /plain HTTP/],
      locked: [
        "backend_error",
        /answered tools\/list with -32603: the index is locked$/,
        /^null$/,
      ],
      garbage: [
        "backend_protocol",
        /answered tools\/list with what clients refuse: /,
        /^null$/,
      ],
      endless: [
        "backend_protocol",
        /gives no end to tools\/list: more than 500 pages$/,
        /^null$/,
      ],
      mute: [
        "backend_timeout",
        /did not answer within 0.4 s$/,
        /"timeouts": { "request": /,
      ],
    };
    assert.deepEqual([...end.servers.keys()], Object.keys(failed));
    for (const [name, [fault, message, hint]] of Object.entries(failed)) {
      const { status, error } = end.servers.get(name);
      const about = `${name}: ${JSON.stringify(error)}`;
      assert.equal(status, "failed", name);
      assert.equal(error.fault, fault, about);
      assert.match(error.message, message, about);
      assert.match(String(error.hint), hint, about);
    }
    const words = (name: string) => end.servers.get(name).error.last_words;
    assert.equal(words("dies").length, 10);
    assert.equal(words("dies").at(-1), "cannot open the database");
    assert.deepEqual(words("locked"), ["by 17"]);
    assert.deepEqual(words("mute"), ["listing as silent"]);
    const { revision, server, tools } = end.servers.get("locked");
    assert.deepEqual(
      [revision, server, tools],
      ["2025-11-25", { name: "listing", version: "1.0.0" }, null],
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
    assert.match(stderr, /INFO +Authenticated request token_name=dev/);
    assert.match(stderr, /DEBUG Backend stderr .*line="listing as none"/);
    assert.match(stderr, /INFO +Session closed/);
    assert.doesNotMatch(stdout, /INFO|DEBUG/);
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

  it("leaves nothing of servers that do not want to end", LIMIT, async () => {
    const end = await reported({
      stubborn: illMannered("ignores its end"),
      family: illMannered("has descendants"),
    });
    assert.equal(end.code, 0, end.stdout);
    assertClean(end);
    const { leftovers } = end;
    assert.deepEqual(leftovers, []);
  });
});
