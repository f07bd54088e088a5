// A session with a server over stdio, without anything between: the measure for what a gateway adds.

import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { Buffer } from "node:buffer";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import {
  checkAnswer,
  checkNotifications,
  echoRequest,
  nextKey,
} from "./echo.ts";
import { Answers } from "./answers.ts";
import { INITIALIZE, INITIALIZED } from "./session.ts";
import type { LoadSession } from "./session.ts";

const NEWLINE = 10;

/** Its session is its child. */
export class StdioLoad implements LoadSession {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers = new Answers();
  #pieces: Buffer[] = [];
  #id = 0;

  private constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#child.stdout.on("data", (piece: Buffer) => this.#read(piece));
  }

  /** Starts a child and goes through the handshake. */
  static async begin(
    command: string,
    args: readonly string[],
  ): Promise<StdioLoad> {
    const session = new this(command, args);
    await session.#ask(INITIALIZE);
    session.#child.stdin.write(`${INITIALIZED}\n`);
    return session;
  }

  async call(bytes: number, notifications?: number): Promise<void> {
    const wanted = { id: ++this.#id, key: nextKey(), bytes, notifications };
    checkAnswer(await this.#ask(echoRequest(wanted)), wanted);
    checkNotifications(this.#answers.notifications, wanted);
  }

  rest(): void {}

  async end(): Promise<void> {
    const exited = once(this.#child, "exit");
    this.#child.stdin.end();
    await exited;
  }

  #ask(line: string): Promise<Buffer> {
    const answer = this.#answers.next();
    this.#child.stdin.write(`${line}\n`);
    return answer;
  }

  #read(piece: Buffer): void {
    this.#pieces.push(piece);
    if (piece.indexOf(NEWLINE) === -1) return;
    let input = Buffer.concat(this.#pieces);
    for (;;) {
      const end = input.indexOf(NEWLINE);
      if (end === -1) break;
      this.#answers.take(input.subarray(0, end));
      input = input.subarray(end + 1);
    }
    this.#pieces = input.length > 0 ? [input] : [];
  }
}
