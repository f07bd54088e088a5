// The first minute with the executable: from an empty folder, or from one command, to a call by an official client.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { connectOfficial } from "../support/connect_official.ts";
import type { OfficialClient } from "../support/official_client.ts";
import { freePort } from "../support/free_port.ts";
import { FrontProcess } from "../support/front_process.ts";
import { blocksOf } from "../support/markdown.ts";
import { listProcesses, once } from "../support/process_list.ts";
import type { ListedProcess } from "../support/process_list.ts";
import { commandOf, ROOT } from "../support/program.ts";
import { LIMIT } from "../support/shared_gateway.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";
import { startGateway } from "../support/gateway_process.ts";

const TELLING = fileURLToPath(
  new URL("../support/telling_server.mjs", import.meta.url).href,
);
const [BINARY] = commandOf("binary");
const README_COMMAND = blocksOf(join(ROOT, "README.md"))
  .find(({ text }) => text.startsWith("./mcp-front -- "))?.text ?? "";
const HAS_SCRIPT =
  spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0;

function run(args: readonly string[], cwd: string, home: string) {
  const { status, stdout, stderr } = spawnSync(BINARY, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, HOME: home, LOG_FORMAT: "text" },
  });
  return { status, stdout, stderr };
}

function connect(url: string, token: string): Promise<OfficialClient> {
  const target = { transport: "streamable-http", url, token } as const;
  return connectOfficial("v2", target);
}

/** The text of the first item of a result. */
function textOf({ content }: { readonly content?: unknown }): string {
  const [item] = content as { text: string }[];
  return item?.text ?? "";
}

/** No command line on this machine has the token. */
function assertNowhereInArguments(token: string): void {
  const shown = listProcesses().filter(({ args }) => args.includes(token));
  assert.deepEqual(shown.map(({ pid }) => pid), []);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1_000).toFixed(1)} s`;
}

/** The processes below one. */
function descendants(root: number): ListedProcess[] {
  const all = listProcesses();
  const below = (pid: number): ListedProcess[] =>
    all.filter(({ parent }) => parent === pid)
      .flatMap((one) => [one, ...below(one.pid)]);
  return below(root);
}

/** Opens a session that nobody ends. */
async function hello(url: string, token: string): Promise<Response> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "raw", version: "1" },
      },
    }),
  });
  await response.text();
  return response;
}

describe("the first minute", () => {
  it(
    "leads from the servers of a client and an empty folder to a call",
    LIMIT,
    async () => {
      const began = performance.now();
      await using home = await TemporaryFolder.create();
      const folder = join(home.path, "empty");
      mkdirSync(folder);
      mkdirSync(join(home.path, ".cursor"));
      const clients = join(home.path, ".cursor", "mcp.json");
      const servers = {
        "my state": {
          command: "node",
          args: [TELLING],
          env: { NAME: "imported", API_TOKEN: "a-secret-of-the-client" },
        },
      };
      writeFileSync(clients, JSON.stringify({ mcpServers: servers }));
      const before = readFileSync(clients, "utf8");

      const init = run(["init", "-import"], folder, home.path);
      assert.equal(init.status, 0, init.stderr);
      assert.match(
        init.stdout,
        /^config\.jsonc is written: 1 server behind the token "dev"\.\n\nTaken over:\n\n {2}my-state {2}Cursor, ~\/\.cursor\/mcp\.json, "my state" there\n\nThe token/,
      );
      assert.match(
        init.stderr,
        /^mcp-front: note: config\.jsonc holds secrets .*: mcpServers\.my-state\.env\.API_TOKEN; .*\n$/,
      );
      assert.ok(!(init.stdout + init.stderr).includes("a-secret"));
      const [, token = ""] = /^ {4}(\S{43})$/m.exec(init.stdout) ?? [];
      assert.equal(readFileSync(clients, "utf8"), before);
      const file = join(folder, "config.jsonc");
      assert.equal(statSync(file).mode & 0o777, 0o600);
      const valid = run(["-validate"], folder, home.path);
      assert.match(valid.stdout, /is valid: 0 errors, 0 warnings\n$/);
      const check = run(["check"], folder, home.path);
      assert.match(check.stdout, /^1 of 1 server is ready, as "dev"$/m);

      const port = await freePort();
      const config = readFileSync(file, "utf8").replaceAll(":8080", `:${port}`);
      writeFileSync(file, config);
      await using gateway = await startGateway({ config, directory: folder });
      const snippet = run(["connect", "-client", "cursor"], folder, home.path);
      const { mcpServers } = JSON.parse(snippet.stdout);
      const { url, headers } = mcpServers["mcp-front"];
      assert.equal(headers.Authorization, "Bearer ${env:MCP_TOKEN}");
      await using client = await connect(url, token);
      const state = JSON.parse(textOf(await client.callTool("state")));
      assert.equal(state.name, "imported");
      assertNowhereInArguments(token);
      assert.ok(!gateway.logs().includes(token));
      console.log(`from the empty folder to a call: ${seconds(began)}`);
    },
  );

  it(
    "writes the sample where no client has a server, and says where it looked",
    LIMIT,
    async () => {
      await using home = await TemporaryFolder.create();
      const args = ["init", "-import", "-client", "codex,cursor"];
      const { status, stdout, stderr } = run(args, home.path, home.path);
      assert.deepEqual([status, stderr], [0, ""]);
      assert.match(
        stdout,
        /^config\.jsonc is written: a sample database .*\n\nNo client has a server to take over\. Looked for:\n\n {2}~\/\.cursor\/mcp\.json\n {2}~\/\.codex\/config\.toml\n\nThe token/,
      );
      const check = run(["check"], home.path, home.path);
      assert.equal(check.status, 0, check.stdout);
    },
  );
});

describe("the gateway for one command", () => {
  it(
    "leads to a call, and passes arguments and variables on as they are",
    LIMIT,
    async () => {
      const began = performance.now();
      await using front = new FrontProcess({
        command: ["node", TELLING, "$env:HOME", "${X}", "--config"],
        env: { NAME: "from the shell" },
      });
      const [url, token] = [await front.url(), await front.token()];
      {
        await using client = await connect(url, token);
        const state = JSON.parse(textOf(await client.callTool("state")));
        console.log(`from one command to a call: ${seconds(began)}`);
        assert.equal(state.name, "from the shell");
        assert.deepEqual(state.args, ["$env:HOME", "${X}", "--config"]);
        assertNowhereInArguments(token);
      }
      const ready = JSON.parse(await front.logs("Server ready"));
      assert.deepEqual([ready.server, ready.tools], ["telling", 1]);
      assert.equal(front.printed.split(token).length, 2);
      assert.ok(!front.log.includes(token));
      const refused = await fetch(url, { method: "POST" });
      assert.equal(refused.status, 401);

      // A session that is under way when it is stopped.
      const { status } = await hello(url, token);
      assert.equal(status, 200);
      const children = descendants(front.pid);
      const pids = children.map(({ pid }) => pid);
      assert.ok(children.some(({ args }) => args.includes(TELLING)));
      assert.deepEqual(await front.stop("SIGINT"), { code: 0, signal: null });
      assert.match(front.log, /"msg":"Stopped"/);
      await once(
        () => listProcesses().filter(({ pid }) => pids.includes(pid)),
        (running) => running.length === 0,
      );
    },
  );

  it(
    "is had by the command of the README, and shows lines to paste that work",
    LIMIT,
    async () => {
      const began = performance.now();
      const [program, dashes, ...command] = README_COMMAND.split(" ");
      assert.deepEqual([program, dashes], ["./mcp-front", "--"]);
      await using front = new FrontProcess({
        command,
        cwd: ROOT,
        // npx finds it among the modules of this folder.
        env: { npm_config_offline: "true" },
      });
      const [url, token] = [await front.url(), await front.token()];
      const line = await front.prints(/^(curl .*)$/);
      const child = spawn("bash", ["-c", line], {
        env: { ...process.env, MCP_TOKEN: token },
        stdio: ["ignore", "pipe", "inherit"],
      });
      let answer = "";
      for await (const chunk of child.stdout) answer += chunk;
      assert.match(answer, /"serverInfo":\{/);
      await using client = await connect(url, token);
      const sum = await client.callTool("get-sum", { a: 2, b: 3 });
      assert.match(textOf(sum), /\b5\b/);
      console.log(`from server-everything to a call: ${seconds(began)}`);
      const claude = await front.prints(/^(claude mcp add .*)$/);
      assert.equal(
        claude,
        `claude mcp add --transport http everything ${url} ` +
          '--header "Authorization: Bearer $MCP_TOKEN"',
      );
      for (const place of [".cursor/mcp.json", ".vscode/mcp.json"]) {
        assert.ok(front.printed.includes(`, in ${place}:\n`), place);
      }
      assert.ok(
        front.printed.includes(`[mcp_servers.everything]\nurl = "${url}"`),
      );
    },
  );

  const failures: [string, readonly string[], RegExp, RegExp][] = [
    [
      "a command that does not exist",
      ["no-such-program", "x"],
      /cannot be started: command "no-such-program" not found/,
      /install it, or give its full path/,
    ],
    [
      "a command that ends at once",
      ["sh", "-c", "echo cannot open the database >&2; exit 3"],
      /Server "sh" exited with code 3/,
      /it may want arguments or variables/,
    ],
  ];
  for (const [what, command, message, hint] of failures) {
    it(`ends with 1 for ${what}, and says so`, LIMIT, async () => {
      await using front = new FrontProcess({ command });
      assert.deepEqual(await front.ended, { code: 1, signal: null });
      const error = JSON.parse(await front.logs('"level":"ERROR"'));
      assert.match(error.msg, message);
      assert.match(error.hint, hint);
      await using shown = new FrontProcess({
        command,
        env: { LOG_FORMAT: "text" },
      });
      assert.equal((await shown.ended).code, 1);
      assert.match(shown.log, /^mcp-front: hint: /m);
      if (command[0] === "sh") {
        assert.match(shown.log, /^\| cannot open the database$/m);
        assert.ok(!front.log.includes("database"));
      }
    });
  }

  it(
    "takes the port that is asked for, and says so where it is taken",
    LIMIT,
    async () => {
      const blocker = createServer().listen(0, "127.0.0.1");
      await new Promise((resolve) => blocker.once("listening", resolve));
      const { port } = blocker.address() as AddressInfo;
      const options = ["-port", `${port}`];
      const command = ["node", TELLING];
      await using front = new FrontProcess({ command, options });
      assert.equal((await front.ended).code, 1);
      const error = JSON.parse(await front.logs('"level":"ERROR"'));
      assert.match(error.msg, /port \d+ is in use$/);
      assert.match(error.hint, /leave -port out/);
      assert.equal(front.printed, "");
      await new Promise((resolve) => blocker.close(resolve));
      await using other = new FrontProcess({ command, options });
      assert.equal(await other.url(), `http://127.0.0.1:${port}/mcp`);
    },
  );

  it(
    "shows block, progress and end at a terminal, where Ctrl-C stops it",
    LIMIT,
    async (t) => {
      if (!HAS_SCRIPT) {
        return t.skip("needs the command `script` of util-linux");
      }
      const line = `'${BINARY}' -- node '${TELLING}'`;
      const child = spawn("script", ["-qec", line, "/dev/null"], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      let screen = "";
      const shown = Promise.withResolvers<void>();
      child.stdout.setEncoding("utf8").on("data", (text) => {
        screen += text;
        if (screen.includes("Server ready")) shown.resolve();
      });
      const closed = new Promise((resolve) => child.once("close", resolve));
      await shown.promise;
      child.stdin.write("\u0003"); // Ctrl-C
      await closed;
      assert.match(screen, /INFO +Starting the server once, to try it/);
      assert.match(screen, /^export MCP_TOKEN=\S{43}\r$/m);
      assert.match(screen, /INFO +Stopped\r$/m);
      assert.doesNotMatch(screen, /^\{"time"/m);
    },
  );
});
