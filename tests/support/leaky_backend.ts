// An HTTP server that has secrets in everything it says, and goes wrong in every way it is asked to.

import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { Message } from "../../lib/protocol/messages.ts";
import { answerJson, beginEvents, bodyOf, serveHttp } from "./http_server.ts";
import type { TestServer } from "./http_server.ts";
import { answerTo, PlainSse } from "./plain_backend.ts";
import type { SecretWords } from "./secret_words.ts";

/** The server, and the headers of every request it got. */
export interface LeakyBackend {
  readonly server: TestServer;
  readonly seen: readonly IncomingHttpHeaders[];
}

/** The methods that go wrong on `/mcp`. */
export const WRONGS = [
  "wrong/html",
  "wrong/status",
  "wrong/challenge",
  "wrong/json",
  "wrong/shape",
  "wrong/events",
  "wrong/break",
  "wrong/redirect",
  "wrong/error",
  "wrong/session",
];

/** `/mcp` is Streamable HTTP, `/sse` is HTTP+SSE, `/elsewhere` names a foreign endpoint, `/html` is no MCP, `/401` refuses. */
export async function startLeaky(words: SecretWords): Promise<LeakyBackend> {
  const seen: IncomingHttpHeaders[] = [];
  const session = words.of("session id of the backend");
  const said = words.of("message body of the backend");
  const sse = new PlainSse();
  sse.endpoint = `/messages?session=${session}`;
  const elsewhere = new PlainSse();
  elsewhere.endpoint = `http://elsewhere.example/x?session=${session}`;
  const server = await serveHttp(async (request, response) => {
    seen.push(request.headers);
    const { pathname } = new URL(request.url ?? "", "http://x");
    if (pathname === "/elsewhere") return elsewhere.handle(request, response);
    if (pathname === "/sse" || pathname === "/messages") {
      return sse.handle(request, response);
    }
    if (pathname === "/html") return html(response, said);
    if (pathname === "/401") return challenge(response, said);
    if (request.method !== "POST") return void response.writeHead(405).end();
    const message: Message = JSON.parse(await bodyOf(request));
    if (message.id === undefined) return void response.writeHead(202).end();
    const { method = "" } = message;
    if (method === "wrong/error") {
      const error = { code: -32000, message: words.of("error of the backend") };
      const { id } = message;
      return answerJson(response, 400, { jsonrpc: "2.0", id, error });
    }
    if (method.startsWith("wrong/")) return wrong(method, response, said);
    const headers = { "mcp-session-id": session, "set-cookie": said };
    answerJson(response, 200, answerTo(message), headers);
  });
  return { server, seen };
}

function wrong(
  method: string,
  response: ServerResponse,
  said: string,
): void {
  switch (method) {
    case "wrong/html":
      return html(response, said);
    case "wrong/status":
      return void response.writeHead(500, said).end(said);
    case "wrong/challenge":
      return challenge(response, said);
    case "wrong/json":
      response.writeHead(200, { "content-type": "application/json" });
      return void response.end(`{"jsonrpc":"2.0","id":1,"result":"${said}`);
    case "wrong/shape":
      return answerJson(response, 200, { [said]: said });
    case "wrong/events":
      beginEvents(response);
      response.write(`data: ${said}\n\ndata: {"method":"${said}"}\n\n`);
      return void response.end(`event: ${said}\nid: ${said}\n\n`);
    case "wrong/break":
      beginEvents(response);
      return void response.write(`data: {"${said}`, () => response.destroy());
    case "wrong/redirect":
      response.writeHead(307, { location: `http://other.example/?${said}` });
      return void response.end();
    default:
      return answerJson(response, 404, { error: said });
  }
}

function html(response: ServerResponse, said: string): void {
  response.writeHead(200, { "content-type": `text/html; x=${said}` });
  response.end(`<h1>${said}</h1>`);
}

function challenge(response: ServerResponse, said: string): void {
  const headers = { "www-authenticate": `Bearer realm="${said}"` };
  answerJson(response, 401, { error: said }, headers);
}
