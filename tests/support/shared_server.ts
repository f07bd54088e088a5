// A server of the modern era that several conversations share, its children played by a test.

import type { Backend, OpenContext } from "../../lib/backend.ts";
import { ChildPlaces } from "../../lib/backends/child_places.ts";
import { shared } from "../../lib/backends/shared/shared.ts";
import { Envelope } from "../../lib/channel/envelope.ts";
import type { Channel } from "../../lib/channel/channel.ts";
import { GatewayError } from "../../lib/errors.ts";
import { DEFAULT_LIMITS } from "../../lib/limits.ts";
import type { Limits } from "../../lib/limits.ts";
import type { Message, RequestId } from "../../lib/protocol/messages.ts";
import { stdioBackend } from "../../lib/transports/backend/stdio.ts";
import { logInto } from "./log_lines.ts";
import type { LogLine } from "./log_lines.ts";
import { openContext } from "./open_context.ts";
import { Puppets } from "./puppets.ts";
import type { Puppet } from "./puppets.ts";
import { Seen } from "./seen.ts";

/** The backend with everything around it; disposing of it ends all. */
export class SharedWorld implements AsyncDisposable {
  readonly puppets: Puppets;
  readonly backend: Backend;
  readonly limits: Limits;
  readonly log = new Seen<LogLine>((line) => JSON.stringify(line));

  private constructor(puppets: Puppets, changed: Partial<Limits>) {
    this.puppets = puppets;
    this.limits = { ...DEFAULT_LIMITS, ...changed };
    const lines: LogLine[] = [];
    lines.push = (line) => (this.log.add(line as LogLine), 0);
    const log = logInto(lines);
    this.backend = shared(stdioBackend("files", puppets.options, log), {
      places: new ChildPlaces(this.limits),
      log,
      openMs: this.limits.openMs,
    });
  }

  static async start(changed: Partial<Limits> = {}): Promise<SharedWorld> {
    return new SharedWorld(await Puppets.start(), changed);
  }

  /** On behalf of a principal; those of one name are one. */
  context(
    id = "alice",
    revoked = new AbortController().signal,
  ): OpenContext {
    const context = openContext(undefined, this.limits);
    const principal = { ...context.principal, id, revoked };
    return { ...context, principal };
  }

  /** A conversation. */
  open(...of: Parameters<SharedWorld["context"]>): Promise<Conversation> {
    return Conversation.open(this.backend, this.context(...of));
  }

  /** A conversation whose server runs, and the puppet that it is. */
  async begin(): Promise<{ client: Conversation; server: Puppet }> {
    const client = await this.open();
    await client.say({ id: "first", method: "x/first" });
    const server = await this.puppets.life(this.puppets.count + 1);
    await server.discover();
    await server.answer("x/first");
    await client.answer("first");
    return { client, server };
  }

  /** Resolves when a death is noticed. */
  died(): Promise<LogLine> {
    return this.log.until("a death", ({ msg }) => msg === "Backend failed");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.backend.close?.(new GatewayError("shutting_down", "the end"));
    await this.puppets[Symbol.asyncDispose]();
  }
}

/** A channel with its consumer. */
export class Conversation {
  readonly channel: Channel;
  readonly heard = new Seen<Envelope>(textOf);
  /** Resolves when it has ended, with why. */
  readonly ended: Promise<GatewayError | undefined>;

  private constructor(channel: Channel) {
    this.channel = channel;
    this.ended = this.#listen();
  }

  static async open(
    backend: Backend,
    context: OpenContext,
  ): Promise<Conversation> {
    return new Conversation(await backend.open(context));
  }

  async say(message: Omit<Message, "jsonrpc"> | string): Promise<void> {
    const text = typeof message === "string"
      ? message
      : JSON.stringify({ jsonrpc: "2.0", ...message });
    await this.channel.send(Envelope.read(new TextEncoder().encode(text)));
  }

  /** The answer to a request, once it comes. */
  answer(id: RequestId): Promise<Envelope> {
    return this.heard.until(
      `an answer to ${id}`,
      ({ head }) => head.kind === "response" && head.id === id,
    );
  }

  /** The notification with this method and number, counted from 1, once it comes. */
  told(method: string, number = 1): Promise<Envelope> {
    const isWanted = ({ head }: Envelope) => head.method === method;
    return this.heard.until(
      `notification ${number} ${method}`,
      (envelope) =>
        isWanted(envelope) &&
        this.heard.all.filter(isWanted).indexOf(envelope) === number - 1,
    );
  }

  get texts(): string[] {
    return this.heard.all.map(textOf);
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

/** A message as it was written. */
export function textOf({ bytes }: Envelope): string {
  return new TextDecoder().decode(bytes);
}
