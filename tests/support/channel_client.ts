// A Streamable HTTP session without HTTP: its channel in the hands of the test, with a client that can leave.

import { Envelope } from "../../lib/channel/envelope.ts";
import type { Limits } from "../../lib/limits.ts";
import type { Message } from "../../lib/protocol/messages.ts";
import type { Peer } from "../../lib/runtime/serve.ts";
import { StreamableHttpChannel } from "../../lib/transports/client/streamable_http.ts";
import { channelOptions } from "./channel_options.ts";
import { EventReader } from "./event_reader.ts";
import type { LogLine } from "./log_lines.ts";

type Said = Omit<Message, "jsonrpc">;

/** A message, as a channel takes it. */
export function envelope(message: Said): Envelope {
  return Envelope.of({ jsonrpc: "2.0", ...message });
}

/** A session with its log. */
export class ChannelClient {
  readonly lines: LogLine[] = [];
  readonly options;
  readonly channel: StreamableHttpChannel;
  readonly leaving = new AbortController();
  /** What was done to the idle limit of the client's connection. */
  readonly limit: string[] = [];
  readonly #peer: Peer = {
    address: "127.0.0.1",
    hold: () => void this.limit.push("hold"),
    release: () => void this.limit.push("release"),
  };

  private constructor(limits: Partial<Limits>) {
    this.options = channelOptions(this.lines, limits);
    this.channel = new StreamableHttpChannel(this.options);
  }

  /** A session that has agreed on `revision`. */
  static async agreedOn(
    revision: string,
    limits: Partial<Limits> = {},
  ): Promise<ChannelClient> {
    const client = new ChannelClient(limits);
    const begun = client.post({ id: 0, method: "initialize" });
    const result = { protocolVersion: revision };
    await client.channel.send(envelope({ id: 0, result }));
    await begun;
    client.limit.length = 0;
    return client;
  }

  /** Posts a message or a batch, as a client that takes such answers. */
  post(
    said: Said | readonly Said[],
    accept: "any" | "json" | "events" = "any",
  ): Promise<Response> {
    const isBatch = Array.isArray(said);
    const messages = (isBatch ? said : [said]) as readonly Said[];
    return this.channel.post({
      envelopes: messages.map(envelope),
      form: isBatch ? "batch" : "single",
      accepts: { json: accept !== "events", events: accept !== "json" },
      peer: this.#peer,
      signal: this.leaving.signal,
    });
  }

  /** Opens a GET stream. */
  get(lastEventId?: string): Response {
    return this.channel.listen(lastEventId, this.#peer).response();
  }

  /** Opens a GET stream and reads its events. */
  listen(lastEventId?: string): EventReader {
    return new EventReader(this.get(lastEventId));
  }

  /** The lines of the log with this text. */
  logged(msg: string): LogLine[] {
    return this.lines.filter((line) => line.msg === msg);
  }
}
