// `mcp-front check` with servers that fail: what it says of each, and that nothing of them is left.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  assertClean,
  illMannered,
  listing,
  reported,
  startOdd,
} from "../support/check_report.ts";
import { LIMIT } from "../support/shared_gateway.ts";

describe("mcp-front check, where servers fail,", () => {
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
      chatty: {
        command: "bash",
        args: ["-c", "echo listening on port 3000; exec sleep 60"],
        timeouts: { open: "4s" },
      },
      refuses: illMannered("refuses initialize"),
      down: { url: `${down.origin}/mcp` },
      nowhere: { url: "http://no-such-host.invalid/mcp" },
      guarded: at("/401"),
      limited: at("/429"),
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
      dies: ["backend_exited", /exited with code 3$/, /"env" and "inheritEnv"/],
      silent: [
        "backend_timeout",
        /did not answer initialize within 0.4 s$/,
        /"timeouts": { "open": /,
      ],
      chatty: [
        "backend_timeout",
        /did not answer initialize within 4 s$/,
        /^it writes lines to stdout that are no messages of MCP/,
      ],
      refuses: [
        "backend_error",
        /answered initialize with -32602: not today$/,
        /^the fault is in the server: its own log may say more/,
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
      limited: [
        "backend_protocol",
        /answered HTTP 429$/,
        /^it has had too many/,
      ],
      broken: [
        "backend_unavailable",
        /answered HTTP 503$/,
        /see that it runs$/,
      ],
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
        /^the fault is in the server: its own log may say more/,
      ],
      garbage: [
        "backend_protocol",
        /answered tools\/list with what clients refuse: /,
        /^the fault is in the server: see whether there is a newer/,
      ],
      endless: [
        "backend_protocol",
        /gives no end to tools\/list: more than 500 pages$/,
        /^the fault is in the server: see whether there is a newer/,
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

  it("leaves nothing of servers that do not want to end", LIMIT, async () => {
    const end = await reported({
      stubborn: illMannered("ignores its end"),
      family: illMannered("has descendants"),
    });
    assert.equal(end.code, 0, end.stdout);
    assertClean(end);
  });
});
