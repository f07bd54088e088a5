// Starts the participants for a pair of transports.

import { SseLoad } from "../load/http_sse.ts";
import { StdioLoad } from "../load/direct_stdio.ts";
import type { LoadSession } from "../load/session.ts";
import { ModernLoad } from "../load/modern.ts";
import { StreamableLoad } from "../load/streamable.ts";
import { BUN, FLOOR, STDIO_SERVER } from "./backends.ts";
import { startFront, tokenOf, TOKENS } from "./front.ts";
import type { FrontOptions } from "./front.ts";
import type { Pair, Participant, ParticipantName } from "./participant.ts";
import { startPeer } from "./peers.ts";
import { Program } from "./program.ts";

const PATHS = {
  "sse": "/sse",
  "streamable-http": "/mcp",
  "streamable-http-events": "/mcp-events",
  "streamable-http-quiet": "/mcp-quiet",
  "streamable-http-modern": "/mcp",
} as const;

/** That the floor makes at once: Bun's own limit would be 256. */
const MOST_REQUESTS = 65_535;

/** Begins a session of a client at an endpoint. */
export function beginAt(
  client: Pair["client"],
  url: string,
  token = tokenOf(0),
): Promise<LoadSession> {
  const target = { url: new URL(url), token };
  switch (client) {
    case "sse":
      return SseLoad.begin(target);
    case "streamable-http":
      return StreamableLoad.begin(target);
    case "streamable-http-modern":
      return ModernLoad.begin(target);
  }
}

/** Starts one; `undefined` where it has no such pair. `origin` is that of the HTTP server. */
export async function startParticipant(
  name: ParticipantName,
  pair: Pair,
  origin: string,
  options?: FrontOptions,
): Promise<Participant | undefined> {
  switch (name) {
    case "direct":
      return direct(pair, origin);
    case "floor":
      return await floor(pair, origin);
    case "mcp-front":
      return await startFrontFor(pair, origin, options);
    default:
      return await startPeer(name, pair);
  }
}

function direct(
  { client, backend }: Pair,
  origin: string,
): Participant | undefined {
  const nothing = { [Symbol.asyncDispose]: () => Promise.resolve() };
  const begin = () => {
    if (backend !== "stdio") return beginAt(client, origin + PATHS[backend]);
    const [command, ...args] = STDIO_SERVER;
    return StdioLoad.begin(command, args);
  };
  const isSame = backend === "stdio" || backend.startsWith(client);
  return isSame ? { name: "direct", begin, ...nothing } : undefined;
}

async function floor(
  { client, backend }: Pair,
  origin: string,
): Promise<Participant> {
  const way = backend === "stdio"
    ? ["stdio", ...STDIO_SERVER]
    : backend.startsWith(client)
    ? ["http", origin]
    : [backend, origin];
  const program = await Program.start({
    command: [BUN, FLOOR, ...way],
    env: { BUN_CONFIG_MAX_HTTP_REQUESTS: String(MOST_REQUESTS) },
    ready: /^listening (\S+)$/,
  });
  const isPiped = way[0] === "http" && backend !== "stdio";
  const path = PATHS[isPiped ? backend : client];
  return of("floor", program, () => beginAt(client, program.said + path));
}

/** Starts mcp-front for a pair; where it is asked for more tokens or servers, the last of each is used. */
export async function startFrontFor(
  { client, backend }: Pair,
  origin: string,
  options: FrontOptions = {},
): Promise<Participant> {
  const [command, ...args] = STDIO_SERVER;
  const server = backend === "stdio" ? { command, args } : {
    url: origin + PATHS[backend],
    transport: backend === "sse" ? "sse" : "streamable-http",
  };
  const { servers = 1, tokens = TOKENS } = options;
  const names = Array.from({ length: servers }, (_, index) => `far-${index}`);
  const program = await startFront(
    Object.fromEntries(names.map((name) => [name, server])),
    options,
  );
  const url = `${program.said}/${names.at(-1)}${PATHS[client]}`;
  const token = tokenOf(tokens - 1);
  return of("mcp-front", program, () => beginAt(client, url, token));
}

/** A participant that is one program. */
export function of(
  name: ParticipantName,
  program: Program,
  begin: () => Promise<LoadSession>,
): Participant {
  const { pid } = program;
  const dispose = () => program[Symbol.asyncDispose]();
  return { name, pid, begin, [Symbol.asyncDispose]: dispose };
}
