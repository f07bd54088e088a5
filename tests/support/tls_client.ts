// TLS connections as clients make them, with what came of each.

import { Buffer } from "node:buffer";
import { connect as connectPlainly } from "node:net";
import { connect } from "node:tls";
import type { ConnectionOptions, TLSSocket } from "node:tls";

/** What a connection is made with; by default without a certificate of its own. */
export type TlsClientOptions = Pick<
  ConnectionOptions,
  "ca" | "cert" | "key" | "session"
>;

/** A connection that is open. */
export interface OpenTls {
  readonly socket: TLSSocket;
  /** The common name in the server's certificate. */
  readonly name: string;
  /** By which the client may come back without another handshake. */
  readonly session: Promise<Buffer>;
}

/** Connects to this machine; rejects where the handshake fails. */
export async function openTls(
  port: number,
  options: TlsClientOptions,
): Promise<OpenTls> {
  const address = { host: "127.0.0.1", port, servername: "localhost" };
  const socket = connect({ ...address, ...options });
  const session = new Promise<Buffer>((resolve) => {
    socket.once("session", resolve);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.on("error", reject); // Later ones come to nothing: `close` says as much.
    socket.once("close", () => reject(new Error("closed")));
  });
  const name = String(socket.getPeerCertificate().subject.CN);
  return { socket, name, session };
}

/** Asks for `path` on a new connection, at once as clients do; the whole answer, empty where there is none. */
export async function askTls(
  port: number,
  options: TlsClientOptions,
  path = "/",
): Promise<string> {
  const address = { host: "127.0.0.1", port, servername: "localhost" };
  const socket = connect({ ...address, ...options });
  let answer = "";
  socket.setEncoding("utf8").on("data", (text) => answer += text);
  socket.on("error", () => {}); // `close` follows.
  const closed = new Promise((resolve) => socket.once("close", resolve));
  // In TLS 1.3 a client may speak before it is known whether it is accepted.
  socket.write(requestFor(path));
  await closed;
  return answer;
}

/** A request after whose answer the connection ends. */
export function requestFor(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
}

/** What a server says to the greeting of a client that speaks this version and none after it. */
export async function greeted(
  port: number,
  version: "TLS 1.1" | "TLS 1.2",
): Promise<"refused" | "accepted"> {
  const socket = connectPlainly(port, "127.0.0.1");
  socket.on("error", () => {}); // What was read before it tells.
  socket.write(clientHello(version === "TLS 1.1" ? 0x0302 : 0x0303));
  try {
    for await (const chunk of socket) return meaningOf(chunk);
    return "refused";
  } finally {
    socket.destroy();
  }
}

/** By the type of its first record (RFC 5246 § 6.2.1): an alert, or a handshake that goes on. */
function meaningOf([type]: Uint8Array): "refused" | "accepted" {
  if (type === 21) return "refused";
  if (type === 22) return "accepted";
  throw new Error(`record of type ${type}`);
}

/** A greeting without extensions for versions (RFC 5246 § 7.4.1.2), with ciphers for ECDSA of 1.2 and 1.1. */
function clientHello(version: number): Uint8Array {
  const ciphers = [0xc02b, 0xc009];
  const extensions = Buffer.concat([
    extension(10, list([0x0017])), // Groups: P-256.
    extension(11, Buffer.from([1, 0])), // Points: uncompressed.
    extension(13, list([0x0403])), // Signatures: ECDSA with SHA-256.
  ]);
  const body = Buffer.concat([
    uint16(version),
    Buffer.alloc(32, 7), // What should be random.
    Buffer.from([0]), // No session.
    list(ciphers),
    Buffer.from([1, 0]), // No compression.
    uint16(extensions.length),
    extensions,
  ]);
  const message = Buffer.concat([Buffer.from([1, 0]), uint16(body.length)]);
  const record = Buffer.concat([Buffer.from([22]), uint16(0x0301)]);
  const length = uint16(message.length + body.length);
  return Buffer.concat([record, length, message, body]);
}

function extension(type: number, data: Uint8Array): Uint8Array {
  return Buffer.concat([uint16(type), uint16(data.length), data]);
}

function list(values: readonly number[]): Uint8Array {
  return Buffer.concat([uint16(2 * values.length), ...values.map(uint16)]);
}

function uint16(value: number): Uint8Array {
  return Buffer.from([value >> 8, value & 0xff]);
}
