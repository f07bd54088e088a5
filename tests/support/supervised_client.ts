// A client of a supervised backend over stdio: what it hears, and the children that serve it.

import process from "node:process";
import type { OpenContext } from "../../lib/backend.ts";
import { supervised } from "../../lib/backends/supervised.ts";
import { timed } from "../../lib/backends/timed.ts";
import type { Channel } from "../../lib/channel/channel.ts";
import { Envelope } from "../../lib/channel/envelope.ts";
import type { GatewayError } from "../../lib/errors.ts";
import type { Message, RequestId } from "../../lib/protocol/messages.ts";
import { stdioBackend } from "../../lib/transports/backend/stdio.ts";
import { logInto } from "./log_lines.ts";
import type { LogLine } from "./log_lines.ts";
import { openContext } from "./open_context.ts";
import { Puppets } from "./puppets.ts";
import type { HELLO, Puppet } from "./puppets.ts";
import { Seen } from "./seen.ts";

const TIMEOUTS = { openMs: 20_000, requestMs: 20_000, requestMaxMs: 20_000 };

/** The `initialize` of the client, with white space and a member that only its own bytes have. */
export const INITIALIZE =
  '{"jsonrpc":"2.0", "id":0.0,"method":"initialize","params":{' +
  '"protocolVersion":"2025-11-25","capabilities":{},"x-ü":1,' +
  '"clientInfo":{"name":"test","version":"1"}}}';

/** A channel with its consumer; disposing of it closes both and ends the children. */
export class SupervisedClient implements AsyncDisposable {
  readonly puppets: Puppets;
  readonly channel: Channel;
  readonly log: Seen<LogLine>;
  readonly context: OpenContext;
  /** Everything that came. */
  readonly heard = new Seen<Envelope>(({ bytes }) =>
    new TextDecoder().decode(bytes)
  );
  /** Resolves when the channel has ended, with why. */
  readonly ended: Promise<GatewayError | undefined>;

  private constructor(
    puppets: Puppets,
    channel: Channel,
    context: OpenContext,
    log: Seen<LogLine>,
  ) {
    this.puppets = puppets;
    this.channel = channel;
    this.context = context;
    this.log = log;
    this.ended = this.#listen();
  }

  /** Opens a channel; no child runs yet. */
  static async open(context = openContext()): Promise<SupervisedClient> {
    const puppets = await Puppets.start();
    const seen = new Seen<LogLine>((line) => JSON.stringify(line));
    const lines: LogLine[] = [];
    lines.push = (line) => (seen.add(line as LogLine), 0);
    const log = logInto(lines);
    const stdio = stdioBackend("files", puppets.options, log);
    const channel = await supervised(timed(stdio, TIMEOUTS), log).open(context);
    return new SupervisedClient(puppets, channel, context, seen);
  }

  /** Opens a channel and shakes hands with its first child. */
  static async begin(over: Partial<typeof HELLO> = {}) {
    const client = await SupervisedClient.open();
    await client.say(INITIALIZE);
    const first = await client.puppets.life(1);
    await first.hello(over);
    await client.answer(0);
    await client.say({ method: "notifications/initialized" });
    await first.told("notifications/initialized");
    return { client, first };
  }

  async say(message: Omit<Message, "jsonrpc"> | string): Promise<void> {
    const text = typeof message === "string"
      ? message
      : JSON.stringify({ jsonrpc: "2.0", ...message });
    await this.channel.send(Envelope.read(new TextEncoder().encode(text)));
  }

  /** The answer to a request, once it comes. */
  async answer(id: RequestId): Promise<Message> {
    const envelope = await this.heard.until(
      `an answer to ${id}`,
      ({ head }) => head.kind === "response" && head.id === id,
    );
    return envelope.message();
  }

  /** The first request or notification with this method, once it comes. */
  told(method: string): Promise<Envelope> {
    return this.heard.until(
      `a message ${method}`,
      ({ head }) => head.method === method,
    );
  }

  /** Has a request answered by a child. */
  async ask(id: RequestId, method: string, child: Puppet, result = {}) {
    await this.say({ id, method });
    await child.answer(method, result);
    return await this.answer(id);
  }

  /** The text of everything that came. */
  get texts(): string[] {
    return this.heard.all.map(({ bytes }) => new TextDecoder().decode(bytes));
  }

  /** The pids of the children so far. */
  get pids(): number[] {
    return this.log.all.filter(({ msg }) => msg === "Backend started")
      .map(({ pid }) => pid as number);
  }

  /** The lines with this text. */
  logged(msg: string): LogLine[] {
    return this.log.all.filter((line) => line.msg === msg);
  }

  /** Kills the running child; resolves when the channel has noticed. */
  async kill(): Promise<void> {
    const deaths = this.logged("Backend failed").length;
    process.kill(this.pids.at(-1) as number, "SIGKILL");
    await this.died(deaths + 1);
  }

  /** Resolves when the channel has noticed this many deaths. */
  async died(times: number): Promise<void> {
    await this.log.until(
      `death ${times}`,
      () => this.logged("Backend failed").length >= times,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.channel.close();
    await this.ended;
    await this.puppets[Symbol.asyncDispose]();
  }

  async #listen(): Promise<GatewayError | undefined> {
    try {
      for await (const envelope of this.channel) this.heard.add(envelope);
    } catch (error) {
      this.heard.fail(error as GatewayError);
      return error as GatewayError;
    }
  }
}
