// A session over HTTP+SSE: calls are POSTs on one connection, answers come on the stream of another.

import type { Buffer } from "node:buffer";
import { Connection } from "./connection.ts";
import type { Target } from "./connection.ts";
import { Answers } from "./answers.ts";
import {
  checkAnswer,
  checkNotifications,
  echoRequest,
  nextKey,
} from "./echo.ts";
import { EventPieces } from "./events.ts";
import { expectStatus, INITIALIZE, INITIALIZED } from "./session.ts";
import type { LoadSession } from "./session.ts";

const FIELDS = "content-type: application/json\r\n";
const EVENTS = "accept: text/event-stream\r\n";

/** Its session is its stream. */
export class SseLoad implements LoadSession {
  readonly #stream: Connection;
  readonly #posts: Connection;
  readonly #answers = new Answers();
  readonly #tool?: string;
  #path = "";
  #id = 0;

  private constructor(stream: Connection, posts: Connection, tool?: string) {
    this.#stream = stream;
    this.#posts = posts;
    this.#tool = tool;
  }

  /** Connects and goes through the handshake. */
  static async begin(target: Target, tool?: string): Promise<SseLoad> {
    const stream = await Connection.open(target);
    const posts = await Connection.open(target);
    const session = new this(stream, posts, tool);
    const endpoint = session.#answers.next();
    const events = new EventPieces((data) => session.#answers.take(data));
    const head = await stream.listen(EVENTS, (piece) => events.push(piece));
    expectStatus(head, 200);
    const { pathname, search } = new URL(String(await endpoint), target.url);
    session.#path = pathname + search;
    await session.#ask(INITIALIZE);
    expectStatus(await session.#post(INITIALIZED), 200, 202);
    return session;
  }

  async call(bytes: number, notifications?: number): Promise<void> {
    const tool = this.#tool;
    const id = ++this.#id;
    const wanted = { id, key: nextKey(), bytes, notifications, tool };
    checkAnswer(await this.#ask(echoRequest(wanted)), wanted);
    checkNotifications(this.#answers.notifications, wanted);
  }

  rest(): void {
    this.#posts.close();
  }

  end(): Promise<void> {
    this.#stream.close();
    this.#posts.close();
    return Promise.resolve();
  }

  async #ask(body: string): Promise<Buffer> {
    const answer = this.#answers.next();
    const [data, accepted] = await Promise.all([answer, this.#post(body)]);
    expectStatus(accepted, 200, 202);
    return data;
  }

  #post(body: string) {
    return this.#posts.ask("POST", FIELDS, body, this.#path);
  }
}
