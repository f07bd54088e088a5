// The two HTTP transports of the scripted server, written by hand on node:http.

import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { Conversation } from "./scripted_conversation.mjs";

/** HTTP+SSE: `GET /sse` for everything it says, `POST /messages?session=…` for what it hears. */
export function serveSse() {
  const sessions = new Map();
  return createServer(async (request, response) => {
    const url = new URL(request.url, "http://server");
    if (request.method === "GET") {
      const id = randomUUID();
      beginStream(response);
      response.write(`event: endpoint\ndata: /messages?session=${id}\n\n`);
      const conversation = new Conversation((text) => event(response, text));
      sessions.set(id, conversation);
      response.on("close", () => sessions.delete(id));
      return;
    }
    const body = await read(request);
    const conversation = sessions.get(url.searchParams.get("session"));
    if (!conversation) return response.writeHead(404).end();
    response.writeHead(202).end();
    conversation.hear(body);
  });
}

/** Streamable HTTP with sessions: scripts and silence get a stream, everything else one JSON object. */
export function serveStreamableHttp() {
  const sessions = new Map();
  return createServer(async (request, response) => {
    const body = await read(request);
    const given = request.headers["mcp-session-id"];
    const id = given ?? randomUUID();
    if (given === undefined) sessions.set(id, new Streams());
    const streams = sessions.get(id);
    if (!streams) return response.writeHead(404).end();
    if (request.method === "POST") return streams.post(body, response, id);
    if (request.method === "GET") return streams.standalone(response);
    sessions.delete(id);
    streams.end();
    response.writeHead(204).end();
  });
}

/** The streams of one Streamable HTTP session. */
class Streams {
  conversation = new Conversation((text, on) => this.#say(text, on));
  /** Open POSTs by the JSON text of the request's id. */
  #posts = new Map();
  #standalone = pending();

  post(body, response, session) {
    const { id, method } = JSON.parse(body.toString());
    response.setHeader("mcp-session-id", session);
    if (id === undefined || method === undefined) {
      response.writeHead(202).end();
      return this.conversation.hear(body);
    }
    const form = /^(script|silent)\//.test(method) ? "events" : "json";
    if (form === "events") beginStream(response);
    this.#posts.set(JSON.stringify(id), { response, form });
    this.conversation.hear(body);
  }

  standalone(response) {
    beginStream(response);
    this.#standalone.resolve(response);
  }

  async end() {
    for (const { response } of this.#posts.values()) response.end();
    this.#standalone.resolve(undefined);
    (await this.#standalone.promise)?.end();
  }

  async #say(text, on) {
    if (on === null) {
      const response = await this.#standalone.promise;
      return response && await event(response, text);
    }
    const key = JSON.stringify(on);
    const { response, form } = this.#posts.get(key);
    if (form === "json") {
      this.#posts.delete(key);
      response.setHeader("content-type", "application/json");
      return response.end(text);
    }
    await event(response, text);
    if (!isAnswerTo(on, text)) return;
    this.#posts.delete(key);
    response.end();
  }
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function pending() {
  let resolve;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function isAnswerTo(id, text) {
  const message = JSON.parse(text);
  return message.method === undefined && message.id === id;
}

function beginStream(response) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
}

function event(response, text) {
  return new Promise((resolve) =>
    response.write(`event: message\ndata: ${text}\n\n`, resolve)
  );
}

async function read(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}
