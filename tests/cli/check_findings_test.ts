// What a check overhears, from the parts of the gateway that say it.

import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { describe, it } from "node:test";
import { Findings, MAX_LAST_WORDS } from "../../lib/cli/check/findings.ts";
import { remoteBackend } from "../../lib/transports/backend/remote.ts";
import { StderrTail } from "../../lib/transports/backend/stderr_tail.ts";
import { StrayLines } from "../../lib/transports/backend/stray_lines.ts";
import { BackendClient } from "../support/backend_client.ts";
import { serveHttp } from "../support/http_server.ts";
import type { LogLine } from "../support/log_lines.ts";
import { logInto } from "../support/log_lines.ts";
import { answerStreamable } from "../support/plain_backend.ts";

describe("the findings of a check", () => {
  it("have the last lines of each server on stderr", async () => {
    const findings = new Findings();
    const stderr = new PassThrough();
    const log = findings.log.with({ server: "files" });
    const { ended } = new StderrTail(stderr, log);
    const lines = Array.from({ length: 30 }, (_, at) => `line ${at}`);
    stderr.end(`${lines.join("\n")}\n`);
    await ended;
    const last = lines.slice(-MAX_LAST_WORDS);
    assert.deepEqual(findings.lastWordsOf("files"), last);
    assert.deepEqual(findings.lastWordsOf("db"), []);
  });

  it("know who prints to stdout", () => {
    const findings = new Findings();
    const stray = new StrayLines(findings.log.with({ server: "files" }));
    assert.equal(findings.straysOnStdout("files"), false);
    stray.skip(new TextEncoder().encode("Welcome!"));
    assert.equal(findings.straysOnStdout("files"), true);
    assert.equal(findings.straysOnStdout("db"), false);
  });

  it("know the transport that was found", async () => {
    await using server = await serveHttp(answerStreamable);
    const findings = new Findings();
    const options = {
      url: server.url("/mcp"),
      transport: "auto",
      headers: new Map(),
    } as const;
    const backend = remoteBackend("far", options, findings.log);
    await using client = await BackendClient.open(backend);
    assert.equal(findings.transportOf("far"), undefined);
    await client.initialize();
    await client.next();
    assert.equal(findings.transportOf("far"), "streamable-http");
  });

  it("pass every line on", () => {
    const lines: LogLine[] = [];
    const { log } = new Findings(logInto(lines));
    log.with({ server: "files" }).warn("Something", { count: 1 });
    assert.deepEqual(lines, [
      { level: "WARN", msg: "Something", server: "files", count: 1 },
    ]);
  });
});
