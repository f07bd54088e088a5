// The Streamable HTTP sessions of the soak's server.

import { randomUUID } from "node:crypto";
import { Conversation } from "./conversation.mjs";
import { beginStream, breakOff, event, page } from "./events.mjs";

/** More than a soak has open; the oldest were left by a gateway that was killed. */
const MAX_SESSIONS = 2_000;

/** Messages that wait for the stream of a session. */
const MAX_EARLY = 100;

/** Sessions by id. */
export class StreamableSessions {
  #name;
  #sessions = new Map();

  constructor(name) {
    this.#name = name;
  }

  take(request, response, body) {
    const given = request.headers["mcp-session-id"];
    const id = given ?? randomUUID();
    const session = given === undefined
      ? this.#open(id)
      : this.#sessions.get(id);
    if (!session) return response.writeHead(404).end();
    if (request.method === "POST") {
      response.setHeader("mcp-session-id", id);
      return session.post(JSON.parse(body.toString()), response);
    }
    if (request.method === "GET") return session.listen(response);
    this.#close(id);
    response.writeHead(204).end();
  }

  #open(id) {
    const forget = () => this.#close(id);
    this.#sessions.set(id, new Session(this.#name, forget));
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > MAX_SESSIONS) this.#close(oldest);
    return this.#sessions.get(id);
  }

  #close(id) {
    this.#sessions.get(id)?.end();
    this.#sessions.delete(id);
  }
}

class Session {
  #conversation;
  #posts = new Map();
  #standalone;
  /** What is to be said on it before it is there. */
  #early = [];

  constructor(name, forget) {
    const post = (id) => this.#posts.get(id).response;
    this.#conversation = new Conversation(
      name,
      (message, on) => this.#say(message, on),
      {
        deaf() {},
        cut: (id) => breakOff(streaming(post(id)), id),
        half(id, then) {
          breakOff(streaming(post(id)), id);
          setImmediate(then);
        },
        html: (id) => page(post(id)),
        500: (id) => post(id).writeHead(500).end("no"),
        forget(id) {
          post(id).writeHead(404).end();
          forget();
        },
      },
    );
  }

  post(message, response) {
    const { id, method } = message;
    if (id === undefined || method === undefined) {
      response.writeHead(202).end();
      return this.#conversation.hear(message);
    }
    const form = message.params?.arguments?.form ?? "json";
    this.#posts.set(id, { response, form });
    response.on("close", () => {
      if (this.#posts.get(id)?.response === response) this.#posts.delete(id);
    });
    this.#conversation.hear(message);
  }

  listen(response) {
    beginStream(response);
    this.#standalone = response;
    for (const message of this.#early.splice(0)) event(response, message);
  }

  end() {
    this.#conversation.end();
    // One that is answered has given its connection back: somebody else may be using it.
    for (const { response } of this.#posts.values()) {
      if (!response.writableEnded) response.destroy();
    }
    this.#posts.clear();
    this.#standalone?.end();
  }

  #say(message, on) {
    if (on === null) {
      if (this.#standalone?.writable) event(this.#standalone, message);
      else if (this.#early.length < MAX_EARLY) this.#early.push(message);
      return;
    }
    const post = this.#posts.get(on);
    if (!post) return;
    const { response, form } = post;
    const isAnswer = message.method === undefined;
    if (form === "json" && isAnswer && !response.headersSent) {
      response.setHeader("content-type", "application/json");
      return response.end(JSON.stringify(message));
    }
    event(streaming(response), message);
    if (isAnswer) response.end();
  }
}

/** The response as a stream of events, begun if it was not yet. */
function streaming(response) {
  if (!response.headersSent) beginStream(response);
  return response;
}
