// `mcp-front check` in its JSON form, and the servers that tests have it connect to.

import assert from "node:assert/strict";
import { MARK, runCheck } from "./check_run.ts";
import type { CheckEnd } from "./check_run.ts";
import { serveHttp } from "./http_server.ts";
import type { TestServer } from "./http_server.ts";
import { answerStreamable, PlainSse } from "./plain_backend.ts";
import { pathOf } from "./shared_gateway.ts";
import { configWith, DEV_TOKEN } from "./simple_config.ts";

const TOKENS = { dev: DEV_TOKEN, test: "test-token-that-is-long-enough" };

/** A configuration with two tokens. */
export function withTokens(mcpServers: Record<string, unknown>) {
  const auth = { kind: "bearer_token", tokens: TOKENS };
  return configWith(mcpServers, { auth });
}

function program(file: string, ...args: string[]) {
  return { command: "node", args: [pathOf(file), ...args, MARK] };
}

/** A child that misbehaves in one way. */
export const illMannered = (habit: string, more = {}) => ({
  ...program("ill_mannered_server.mjs", habit),
  ...more,
});

/** A child that lists its tools in one way. */
export const listing = (habit: string, more = {}) => ({
  ...program("listing_server.mjs", habit),
  ...more,
});

/** What the JSON form says of each server, by name. */
export async function reported(
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
export function startOdd(): Promise<TestServer> {
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

/** A server for HTTP that answers nobody before each of its paths has been asked. */
export function startMeeting(paths: readonly string[]): Promise<TestServer> {
  const missing = new Set(paths);
  const all = Promise.withResolvers<void>();
  return serveHttp(async (request, response) => {
    missing.delete(request.url ?? "");
    if (missing.size === 0) all.resolve();
    await all.promise;
    await answerStreamable(request, response);
  });
}

/** Each has one session at a time. */
function sseAt(path: string): PlainSse {
  const sse = new PlainSse();
  sse.endpoint = `${path}/messages`;
  return sse;
}

/** Nothing on stderr, and nothing left that it had started. */
export function assertClean({ stderr, leftovers }: CheckEnd): void {
  assert.equal(stderr, "");
  assert.deepEqual(leftovers, []);
}
