// Clients of the flooding server that do not read what they asked for.

import { once } from "node:events";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import type { Message } from "../../lib/protocol/messages.ts";
import { sendRaw } from "./raw_request.ts";
import { initialize, post, request } from "./streamable_session.ts";
import { StreamableSession } from "./streamable_session.ts";

/** An entry of `mcpServers`. */
export const FLOODING = {
  command: "node",
  args: [
    fileURLToPath(new URL("flooding_server.mjs", import.meta.url).href),
  ],
};

/** A flooding server behind a gateway. */
export interface StallTarget {
  /** With the name of the server, such as `http://127.0.0.1:1234/files`. */
  readonly url: string;
  readonly token: string;
}

/** What a client asks on one connection. */
export interface UnreadRequest extends StallTarget {
  /** Its address in full, in place of the server's. */
  readonly url: string;
  readonly session?: string;
  /** Posted; absent: a GET. */
  readonly message?: Message;
}

/** Its open connections; disposing of them is leaving. */
export class StalledClient implements Disposable {
  readonly sockets: readonly Socket[];
  /** The streamable session, if it is one. */
  readonly session?: StreamableSession;

  constructor(sockets: readonly Socket[], session?: StreamableSession) {
    this.sockets = sockets;
    this.session = session;
  }

  [Symbol.dispose](): void {
    for (const socket of this.sockets) socket.destroy();
  }
}

/** Sends a request; nothing of its answer is read. */
export function askUnread(request: UnreadRequest): Promise<Socket> {
  const { token, session, message } = request;
  const { host, port, pathname, search } = new URL(request.url);
  const body = message === undefined ? "" : JSON.stringify(message);
  const method = message === undefined ? "GET" : "POST";
  const lines = [
    `${method} ${pathname}${search} HTTP/1.1`,
    `Host: ${host}`,
    `Authorization: Bearer ${token}`,
    "Accept: text/event-stream" + (message ? ", application/json" : ""),
    "Content-Type: application/json",
    `Content-Length: ${new TextEncoder().encode(body).length}`,
  ];
  if (session !== undefined) lines.push(`Mcp-Session-Id: ${session}`);
  return sendRaw({ port: Number(port), lines, body });
}

/** Opens an HTTP+SSE stream, reads its first event and stops reading; resolves with where to post. */
export async function openSseUnread(
  { url, token }: StallTarget,
): Promise<{ readonly socket: Socket; readonly endpoint: string }> {
  const socket = await askUnread({ url: `${url}/sse`, token });
  const said = await readUntil(socket, /data: (\/\S+)\n\n/);
  return { socket, endpoint: new URL(said[1] as string, url).href };
}

/** A client of HTTP+SSE that is flooded. */
export async function stallSse(target: StallTarget): Promise<StalledClient> {
  const { socket, endpoint } = await openSseUnread(target);
  for (const message of [initialize(), request(1, "x/flood")]) {
    const taken = await post(endpoint, target.token, message);
    if (taken.status !== 202) throw new Error(await taken.text());
    await taken.body?.cancel();
  }
  return new StalledClient([socket]);
}

/** A client of Streamable HTTP whose GET stream is flooded. */
export async function stallGet(target: StallTarget): Promise<StalledClient> {
  const session = await begin(target);
  const { url, token, id } = session;
  const socket = await askUnread({ url, token, session: id });
  await readUntil(socket, /: open\n\n/);
  await session.call("flood", "x/flood");
  return new StalledClient([socket], session);
}

/** A client of Streamable HTTP with `count` calls, each flooded with progress. */
export async function stallCalls(
  target: StallTarget,
  count: number,
): Promise<StalledClient> {
  const session = await begin(target);
  const { url, token, id } = session;
  const sockets: Socket[] = [];
  for (let n = 0; n < count; n++) {
    const _meta = { progressToken: n };
    const message = request(n, "x/flood", { _meta });
    sockets.push(await askUnread({ url, token, session: id, message }));
  }
  return new StalledClient(sockets, session);
}

function begin({ url, token }: StallTarget): Promise<StreamableSession> {
  return StreamableSession.begin({ url: `${url}/mcp`, token });
}

async function readUntil(
  socket: Socket,
  wanted: RegExp,
): Promise<RegExpExecArray> {
  let text = "";
  for (;;) {
    const [chunk] = await once(socket, "data");
    text += chunk;
    const found = wanted.exec(text);
    if (!found) continue;
    socket.pause();
    return found;
  }
}
