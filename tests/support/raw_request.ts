// HTTP/1.1 over a bare socket: for what `fetch` does not send, such as a foreign Host or a header twice.

import { Buffer } from "node:buffer";
import { connect } from "node:net";
import type { Socket } from "node:net";

/** An answer, read to its end. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Headers;
  readonly body: string;
}

/** Where to connect, and the lines of the request before the empty one. */
export interface RawRequest {
  readonly port: number;
  /** The request line and the headers; `Connection: close` is added. */
  readonly lines: readonly string[];
  readonly body?: string;
}

/** Sends a request as it stands and reads the whole answer. */
export async function rawRequest(request: RawRequest): Promise<RawAnswer> {
  const socket = await sendRaw(request);
  let text = "";
  for await (const chunk of socket.setEncoding("latin1")) {
    text += chunk;
    // A server that refuses a body unread may leave the connection open.
    if (isWhole(text)) break;
  }
  socket.destroy();
  return parse(Buffer.from(text, "latin1").toString("utf8"));
}

/** Sends a request as it stands and leaves its answer unread; the caller destroys the socket. */
export async function sendRaw(
  { port, lines, body = "" }: RawRequest,
): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  const head = [...lines, "Connection: close", "", ""].join("\r\n");
  socket.write(head + body);
  return socket;
}

/** Whether all that `Content-Length` announces is there. */
function isWhole(text: string): boolean {
  const length = /^content-length: *(\d+)\r$/im.exec(text)?.[1];
  const end = text.indexOf("\r\n\r\n");
  if (length === undefined || end === -1) return false;
  return text.length >= end + 4 + Number(length);
}

function parse(text: string): RawAnswer {
  const end = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...fields] = text.slice(0, end).split("\r\n");
  const headers = new Headers();
  for (const field of fields) {
    const colon = field.indexOf(":");
    headers.append(field.slice(0, colon), field.slice(colon + 1).trim());
  }
  const status = Number(statusLine.split(" ")[1]);
  return { status, headers, body: text.slice(end + 4) };
}
