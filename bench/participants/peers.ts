// The peers from npm that join HTTP clients to servers over stdio. None of them checks a token as we start them.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SseLoad } from "../load/http_sse.ts";
import { StreamableLoad } from "../load/streamable.ts";
import { freePort } from "../../tests/support/free_port.ts";
import { STDIO_SERVER } from "./backends.ts";
import type { Pair, Participant, ParticipantName } from "./participant.ts";
import { Program } from "./program.ts";

type Peer = Extract<
  ParticipantName,
  "supergateway" | "mcp-proxy" | "mcp-hub"
>;

/** What mcp-hub calls the tool: it puts the server's name before it. */
const HUB_SERVER = "far";
const HUB_TOOL = `${HUB_SERVER}__echo`;
/** It listens before its server is ready. */
const HUB_READY = /1\/1 servers started/;

/** Whether a peer has a pair of transports. */
export function hasPair(
  name: ParticipantName,
  { client, backend }: Pair,
): boolean {
  return backend === "stdio" && (name !== "mcp-hub" || client === "sse");
}

/** Starts a peer; `undefined` where it has no such pair. */
export async function startPeer(
  name: Peer,
  pair: Pair,
): Promise<Participant | undefined> {
  if (!hasPair(name, pair)) return;
  const { client } = pair;
  if (name === "mcp-hub") return await startHub();
  const port = await freePort();
  const program = await Program.start({
    command: ["node", ...COMMANDS[name](client, String(port))],
    ready: port,
  });
  const path = client === "sse" ? "sse" : "mcp";
  const url = new URL(`http://127.0.0.1:${port}/${path}`);
  const target = { url, token: "none" };
  return {
    name,
    pid: program.pid,
    begin: () =>
      client === "sse" ? SseLoad.begin(target) : StreamableLoad.begin(target),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

/** mcp-hub has a file for its servers, and one address for all of them. */
async function startHub(): Promise<Participant> {
  const folder = mkdtempSync(join(tmpdir(), "mcp-hub-bench-"));
  const config = join(folder, "servers.json");
  const [command, ...args] = STDIO_SERVER;
  const mcpServers = { [HUB_SERVER]: { command, args } };
  writeFileSync(config, JSON.stringify({ mcpServers }));
  const port = await freePort();
  const program = await Program.start({
    command: [
      "node",
      binOf("mcp-hub"),
      ...["--port", String(port), "--config", config],
    ],
    env: { XDG_STATE_HOME: folder, XDG_CACHE_HOME: folder },
    ready: HUB_READY,
  });
  program.child.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const url = new URL(`http://127.0.0.1:${port}/mcp`);
  return {
    name: "mcp-hub",
    pid: program.pid,
    begin: () => SseLoad.begin({ url, token: "none" }, HUB_TOOL),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

const COMMANDS: Readonly<
  Record<
    Exclude<Peer, "mcp-hub">,
    (client: Pair["client"], port: string) => string[]
  >
> = {
  "supergateway": (client, port) => [
    binOf("supergateway"),
    ...["--stdio", STDIO_SERVER.join(" "), "--port", port],
    ...(client === "sse"
      ? ["--outputTransport", "sse", "--logLevel", "none"]
      : ["--outputTransport", "streamableHttp", "--stateful"]),
  ],
  "mcp-proxy": (client, port) => [
    binOf("mcp-proxy"),
    ...["--port", port, "--server", client === "sse" ? "sse" : "stream"],
    ...["--", ...STDIO_SERVER],
  ],
};

/** The script that a package is started by; some do not export their `package.json`. */
function binOf(name: Peer): string {
  const folder = fileURLToPath(
    new URL(`../peers/node_modules/${name}/`, import.meta.url),
  );
  const { bin } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  );
  return join(folder, typeof bin === "string" ? bin : bin[name]);
}
