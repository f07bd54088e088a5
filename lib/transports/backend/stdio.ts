// A backend that is a child process speaking one JSON message a line.

import { setTimeout as delay } from "node:timers/promises";
import type { Backend, OpenContext } from "../../backend.ts";
import type { Channel } from "../../channel/channel.ts";
import type { Envelope } from "../../channel/envelope.ts";
import { oneByOne } from "../../channel/one_by_one.ts";
import { oneLine } from "../../channel/one_line.ts";
import { within } from "../../channel/within.ts";
import { GatewayError, tellsLostRight } from "../../errors.ts";
import type { Log } from "../../telemetry/log.ts";
import { LineSplitter } from "../lines.ts";
import { readMessages } from "../read_messages.ts";
import { AT_ONCE, Child } from "./child.ts";
import type { Exit } from "./child.ts";
import { Mailbox } from "./mailbox.ts";
import type { StdioOptions } from "./stdio_options.ts";
import { StderrTail } from "./stderr_tail.ts";
import { StrayLines } from "./stray_lines.ts";

/** How long to wait for the death of a child that closed a pipe, and for its last words. */
const LAST_WORDS_MS = 500;
/** After each chunk that nobody listens to: a child that floods has the time of nobody else. */
const DISCARD_PAUSE_MS = 20;
const LINE_FEED = 10;

/**
 * An MCP server over stdio (S1125 `basic/transports` § stdio): each conversation has
 * a child of its own. The channel breaks with `backend_exited` when the child dies.
 */
export function stdioBackend(
  name: string,
  options: StdioOptions,
  log: Log,
): Backend {
  return {
    name,
    async open(context): Promise<Channel> {
      const { session, signal } = context;
      signal.throwIfAborted();
      const child = await Child.start(name, options);
      const childLog = log.with({ server: name, pid: child.pid });
      childLog.info("Backend started", { session });
      return new StdioChannel(name, child, context, childLog);
    },
  };
}

class StdioChannel implements Channel {
  readonly #name: string;
  readonly #child: Child;
  readonly #maxBytes: number;
  readonly #log: Log;
  readonly #stderr: StderrTail;
  readonly #strays: StrayLines;
  readonly #mailbox: Mailbox;
  readonly #deliver = (envelope: Envelope) => this.#mailbox.deliver(envelope);
  readonly #work: Promise<unknown>;

  constructor(name: string, child: Child, context: OpenContext, log: Log) {
    this.#name = name;
    this.#child = child;
    this.#maxBytes = context.limits.serverMessageBytes;
    this.#log = log;
    this.#stderr = new StderrTail(child.stderr, log);
    this.#strays = new StrayLines(log);
    this.#mailbox = new Mailbox(name, context, () => void child.stop());
    this.#work = Promise.all([this.#watch(), this.#read(), this.#write()]);
  }

  send(envelope: Envelope): Promise<void> {
    return this.#mailbox.send(envelope);
  }

  async close(reason?: Error): Promise<void> {
    this.#mailbox.close();
    await this.#child.stop(tellsLostRight(reason) ? AT_ONCE : undefined);
    await within(this.#work, LAST_WORDS_MS);
    this.#child.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return this.#mailbox.inbox[Symbol.asyncIterator]();
  }

  /** Tells the log how it ends, and clears up what a dead leader leaves behind. */
  async #watch(): Promise<void> {
    const start = performance.now();
    const exit = await this.#child.exited;
    const durationMs = Math.round(performance.now() - start);
    this.#log.info("Backend exited", { ...exit, duration_ms: durationMs });
    await this.#child.stop();
  }

  async #write(): Promise<void> {
    for await (const { bytes } of this.#mailbox.outbox) {
      if (await this.#child.write(asLine(bytes))) continue;
      if (await within(this.#child.exited, LAST_WORDS_MS)) return;
      this.#mailbox.break(this.#gone("closed its input"));
      return;
    }
    this.#child.endInput();
  }

  async #read(): Promise<void> {
    try {
      await this.#readLines();
    } catch {
      // Only a line beyond the bound ends the reading this way.
      this.#mailbox.break(this.#tooLong());
      return;
    }
    this.#strays.finish();
    if (this.#mailbox.ended) return;
    const dead = await within(this.#child.exited, LAST_WORDS_MS);
    await within(this.#stderr.ended, dead ? LAST_WORDS_MS : 0);
    const reason = dead
      ? describe(await this.#child.exited)
      : "closed its output";
    this.#mailbox.break(this.#gone(reason));
  }

  /** Goes on to the end also when nobody listens any more: a child must be able to finish writing. */
  async #readLines(): Promise<void> {
    const splitter = new LineSplitter(this.#maxBytes, "fail");
    const take = (line: Uint8Array) => this.#take(line);
    await this.#child.read((chunk) =>
      this.#mailbox.ended
        ? delay(DISCARD_PAUSE_MS)
        : oneByOne(splitter.push(chunk), take)
    );
    const rest = splitter.rest();
    if (rest) await this.#take(rest);
  }

  #take(line: Uint8Array): Promise<unknown> | undefined {
    if (this.#mailbox.ended || isBlank(line)) return undefined;
    return oneByOne(this.#messages(line), this.#deliver);
  }

  #messages(line: Uint8Array): Envelope[] {
    try {
      return readMessages(line);
    } catch {
      this.#strays.skip(line);
      return [];
    }
  }

  #gone(how: string): GatewayError {
    const lastWords = this.#stderr.text();
    const said = lastWords === "" ? "" : `. It last said:\n${lastWords}`;
    return new GatewayError(
      "backend_exited",
      `Server "${this.#name}" ${how}${said}`,
    );
  }

  #tooLong(): GatewayError {
    return new GatewayError(
      "backend_protocol",
      `Server "${this.#name}" wrote a line longer than ${this.#maxBytes} bytes`,
      { fields: { limit: "serverMessage" } },
    );
  }
}

function describe({ code, signal }: Exit): string {
  return signal === null
    ? `exited with code ${code}`
    : `was ended by ${signal}`;
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte <= 32);
}

function asLine(message: Uint8Array): Uint8Array {
  const line = new Uint8Array(message.length + 1);
  line.set(oneLine(message));
  line[message.length] = LINE_FEED;
  return line;
}
