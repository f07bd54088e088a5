// `mcp-front exec`: what the command gets, may do, and what is told of it.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { illMannered } from "../support/check_report.ts";
import {
  clientWords,
  configOf,
  runExec,
  shell,
  toldBy,
  TOOLS,
} from "../support/exec_run.ts";
import { serveHttp } from "../support/http_server.ts";
import { answerStreamable } from "../support/plain_backend.ts";
import { LIMIT } from "../support/shared_gateway.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";

const TOKENS = {
  ci: { value: "$env:CI_TOKEN_NOT_SET", tools: { deny: ["write_*"] } },
  dev: "$file:no/such/file",
};

const SERVERS = {
  files: TOOLS,
  db: TOOLS,
  theirs: { ...TOOLS, authTokens: ["dev"] },
};

/** How often a server says that it is not there yet. */
const TOO_EARLY = 2;

describe("mcp-front exec", () => {
  it(
    "runs the command with the rights of a token, narrowed, and tells what was called",
    LIMIT,
    async () => {
      await using folder = await TemporaryFolder.create();
      const [json = "", xml = "", log = ""] = ["a.json", "a.XML", "a.log"]
        .map((name) => join(folder.path, name));
      const end = await runExec({
        config: configOf(SERVERS, TOKENS),
        options: [
          ...["-token", "ci", "-only", "files/read_*", "-only", "db"],
          ...["-summary", json, "-summary", xml, "-log", log],
        ],
        words: clientWords(
          ...["/mcp", "files__read_text", "/files/mcp", "read_other"],
          ...["/files/mcp", "fail", "/mcp", "db__fail", "/db/mcp", "break"],
          ...["/db/mcp", "write_text", "/theirs/mcp", "read_text"],
        ),
        env: { LOG_FORMAT: "" },
      });
      const { calls, url, token, isListed } = toldBy(end);
      assert.deepEqual([end.code, end.stderr], [0, ""]);
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
      assert.deepEqual(calls.slice(0, 2), ["done: read", "done: read"]);
      assert.match(calls[2] ?? "", /"fail" of server "files": -only does not/);
      assert.equal(calls[3], "error: it failed");
      assert.match(calls[4] ?? "", /^refused: .*it broke$/);
      assert.match(calls[5] ?? "", /ci\.tools\.deny\[0\] is "write_\*"/);
      assert.match(calls[6] ?? "", /-only does not name server \\?"theirs/);

      const whole = JSON.parse(readFileSync(json, "utf8"));
      const { exit_code, calls: count, failures, refusals } = whole;
      assert.deepEqual([exit_code, count, failures, refusals], [0, 6, 2, 2]);
      const figures = whole.servers.map((
        { name, requests_refused, tools }: Record<string, unknown>,
      ) => [name, requests_refused, tools]);
      for (const [, , tools] of figures) {
        for (const tool of tools) {
          assert.ok(tool.max_ms <= tool.total_ms);
          delete tool.total_ms;
          delete tool.max_ms;
        }
      }
      const one = (name: string, ...counts: number[]) => {
        const [failures = 0, refusals = 0] = counts;
        return { name, calls: 1, failures, refusals, unanswered: 0 };
      };
      assert.deepEqual(figures.slice(0, 2), [
        ["files", 0, [one("read_text"), one("read_other"), one("fail", 0, 1)]],
        ["db", 0, [one("fail", 1), one("break", 1), one("write_text", 0, 1)]],
      ]);
      assert.deepEqual(figures[2]?.[0], "theirs");
      assert.ok(figures[2]?.[1] > 0);
      const document = readFileSync(xml, "utf8");
      assert.match(
        document,
        /<testcase classname="db" name="break" [^/]*>\n +<failure type="failed" message="1 of 1 calls failed"\/>/,
      );

      const logged = readFileSync(log, "utf8");
      assert.match(logged, /"msg":"Authenticated request","token_name":"ci"/);
      assert.match(logged, /"msg":"Command ended","pid":\d+,"exit_code":0/);
      assert.equal(isListed, false);
      assert.match(token, /^[\w-]{43}$/);
      for (const text of [JSON.stringify(whole), document, logged]) {
        assert.ok(!text.includes(token));
        assert.ok(!text.includes("an-argument-for-the-tool"));
      }
      assert.deepEqual(end.leftovers, []);
    },
  );

  it(
    "lets the command do all that the file offers where no token is named, and keeps the variables of servers from it",
    LIMIT,
    async () => {
      const theirs = {
        ...TOOLS,
        authTokens: [],
        env: { KEY: "$env:SERVER_KEY" },
        inheritEnv: ["SERVER_NAME"],
      };
      const end = await runExec({
        config: configOf({ theirs }),
        words: clientWords("/mcp", "write_text"),
        env: { SERVER_KEY: "secret", SERVER_NAME: "x", OTHER: "y" },
      });
      const { calls, env } = toldBy(end);
      assert.deepEqual([end.code, calls], [0, ["done: written"]]);
      assert.deepEqual([env.SERVER_KEY, env.SERVER_NAME], [
        undefined,
        undefined,
      ]);
      assert.equal(env.OTHER, "y");
      assert.ok(env.PATH);
    },
  );

  it(
    "does not run the command where a server is not ready, and says why and what to do",
    LIMIT,
    async () => {
      await using folder = await TemporaryFolder.create();
      const summary = join(folder.path, "a.json");
      const end = await runExec({
        config: configOf({
          files: TOOLS,
          broken: illMannered("dies at start"),
          left: illMannered("dies at start"),
        }),
        options: ["-only", "files", "-only", "broken", "-summary", summary],
        words: shell("echo it ran"),
      });
      assert.deepEqual([end.code, end.stdout], [3, ""]);
      assert.match(end.stderr, /^files +ready [\d.]+ m?s +stdio$/m);
      assert.match(
        end.stderr,
        /^broken +failed +stdio\n {2}Server "broken" exited with code 3\n/m,
      );
      assert.match(end.stderr, /^ {2}hint: run its command by hand/m);
      assert.match(
        end.stderr,
        /error: the command was not started: 1 server is not ready \(broken\)\n.*hint: mcp-front check -config config\.jsonc/,
      );
      assert.ok(!existsSync(summary));
      assert.deepEqual(end.leftovers, []);
    },
  );

  it(
    "waits for a server elsewhere that is only being started",
    LIMIT,
    async () => {
      let asked = 0;
      await using server = await serveHttp(async (request, response) => {
        if (request.method === "POST" && ++asked <= TOO_EARLY) {
          return void response.writeHead(503).end();
        }
        await answerStreamable(request, response);
      });
      const there = {
        url: server.url("/mcp").href,
        transport: "streamable-http",
      };
      const end = await runExec({
        config: configOf({ there }),
        words: shell("echo it ran"),
      });
      assert.deepEqual([end.code, end.stdout, end.stderr], [0, "it ran\n", ""]);
      assert.ok(asked > TOO_EARLY);
    },
  );

  it("warns of an -only that fits no tool", LIMIT, async () => {
    const end = await runExec({
      config: configOf({ files: TOOLS }),
      options: ["-only", "files/read_txt", "-only=files/read_*"],
      words: shell("exit 0"),
    });
    assert.equal(end.code, 0);
    assert.equal(
      end.stderr,
      "mcp-front: warning: -only files/read_txt fits no tool that may be used\n",
    );
  });
});
