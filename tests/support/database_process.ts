// The demo database as a process of its own, spoken to line by line.

import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { commandOf } from "./program.ts";
import type { Program } from "./program.ts";
import type { Ending } from "./gateway_process.ts";
import { Seen } from "./seen.ts";

/** The runtime that runs the test, as a way to run mcp-front. */
export const THIS_RUNTIME: Program = "Deno" in globalThis ? "deno" : "bun";

/** A message, as far as tests look at it. */
export interface Message {
  readonly id?: number;
  readonly result?: Readonly<Record<string, unknown>>;
}

type Environment = Readonly<Record<string, string>>;

/** A server after its handshake; disposing of it kills it. */
export class DatabaseProcess implements AsyncDisposable {
  readonly pid: number;
  readonly ended: Promise<Ending>;
  readonly messages = new Seen<Message>((message) => JSON.stringify(message));
  /** What it wrote to standard error. */
  errors = "";
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;

  private constructor(program: Program, env: Environment) {
    const [command, ...args] = commandOf(program);
    this.child = spawn(command, [...args, "demo", "database"], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    this.pid = this.child.pid as number;
    this.child.stdin.on("error", () => {
      // It ended; `ended` tells how.
    });
    createInterface(this.child.stdout).on(
      "line",
      (line) => this.messages.add(JSON.parse(line)),
    );
    this.child.stderr.setEncoding("utf8")
      .on("data", (text: string) => this.errors += text);
    this.ended = new Promise((resolve) => {
      this.child.once("close", (code, signal) => {
        this.messages.fail(new Error(`the database ended:\n${this.errors}`));
        resolve({ code, signal });
      });
    });
  }

  /** @param env what its environment has besides that of the test */
  static async start(
    program: Program,
    env: Environment = {},
  ): Promise<DatabaseProcess> {
    const database = new this(program, env);
    database.send(0, "initialize", {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "test", version: "1" },
    });
    await database.answer(0);
    return database;
  }

  send(id: number, method: string, params: Readonly<Record<string, unknown>>) {
    this.say(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
  }

  /** Calls the tool `query`. */
  query(id: number, args: Readonly<Record<string, unknown>>): void {
    this.send(id, "tools/call", { name: "query", arguments: args });
  }

  say(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  answer(id: number): Promise<Message> {
    return this.messages.until(`answer ${id}`, (message) => message.id === id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
  }
}
