// A session over Streamable HTTP: each call is a POST on the session's one connection.

import { Connection } from "./connection.ts";
import type { HttpAnswer, Target } from "./connection.ts";
import {
  checkAnswer,
  checkNotifications,
  echoRequest,
  nextKey,
} from "./echo.ts";
import { wholeStream } from "./events.ts";
import { expectStatus, INITIALIZE, INITIALIZED } from "./session.ts";
import type { LoadSession } from "./session.ts";

const FIELDS = "content-type: application/json\r\n" +
  "accept: application/json, text/event-stream\r\n";

/** It has no GET stream unless it is told to listen. */
export class StreamableLoad implements LoadSession {
  #connection: Connection;
  #isResting = false;
  readonly #target: Target;
  readonly #tool?: string;
  #fields = FIELDS;
  #listening?: Connection;
  #id = 0;

  private constructor(connection: Connection, target: Target, tool?: string) {
    this.#connection = connection;
    this.#target = target;
    this.#tool = tool;
  }

  /** Connects and goes through the handshake. */
  static async begin(target: Target, tool?: string): Promise<StreamableLoad> {
    const connection = await Connection.open(target);
    const session = new this(connection, target, tool);
    const hello = await session.#post(INITIALIZE);
    expectStatus(hello, 200);
    const id = /\r\nmcp-session-id: *(\S+)/i.exec(hello.fields)?.[1];
    if (id !== undefined) session.#name(id);
    expectStatus(await session.#post(INITIALIZED), 202);
    return session;
  }

  async call(bytes: number, notifications?: number): Promise<void> {
    const tool = this.#tool;
    const id = ++this.#id;
    const wanted = { id, key: nextKey(), bytes, notifications, tool };
    const answer = await this.#post(echoRequest(wanted));
    expectStatus(answer, 200);
    const isStream = answer.fields.includes("text/event-stream");
    const said = isStream
      ? wholeStream(answer.body)
      : { answer: answer.body, notifications: 0 };
    checkAnswer(said.answer, wanted);
    checkNotifications(said.notifications, wanted);
  }

  /** How many tools there are. */
  async listTools(): Promise<number> {
    const id = ++this.#id;
    const answer = await this.#post(
      `{"jsonrpc":"2.0","id":${id},"method":"tools/list","params":{}}`,
    );
    expectStatus(answer, 200);
    const isStream = answer.fields.includes("text/event-stream");
    const text = isStream ? wholeStream(answer.body).answer : answer.body;
    return JSON.parse(text.toString()).result.tools.length;
  }

  /** Opens a GET stream, on a connection of its own. */
  async listen(): Promise<void> {
    this.#listening = await Connection.open(this.#target);
    const fields = this.#fields.replace("application/json, ", "");
    expectStatus(await this.#listening.listen(fields, () => {}), 200);
  }

  rest(): void {
    this.#isResting = true;
    this.#connection.close();
  }

  async end(): Promise<void> {
    this.#listening?.close();
    if (this.#isResting) this.#connection = await Connection.open(this.#target);
    expectStatus(
      await this.#connection.ask("DELETE", this.#fields),
      200,
      204,
      404,
      405,
    );
    this.#connection.close();
  }

  #name(id: string): void {
    this.#fields += `mcp-session-id: ${id}\r\n` +
      "mcp-protocol-version: 2025-11-25\r\n";
  }

  #post(body: string): Promise<HttpAnswer> {
    return this.#connection.ask("POST", this.#fields, body);
  }
}
