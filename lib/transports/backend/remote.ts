// A backend reached by url, whose transport is given or found out by asking.

import type { Backend, OpenContext } from "../../backend.ts";
import type { Channel } from "../../channel/channel.ts";
import { EVENTS } from "../../telemetry/events.ts";
import type { Log } from "../../telemetry/log.ts";
import { WrongTransport } from "./http_failures.ts";
import { HttpPeer } from "./http_peer.ts";
import { probingChannel } from "./probing_channel.ts";
import type { RemoteOptions } from "./remote_options.ts";
import { sseBackend } from "./sse.ts";
import {
  streamableHttpBackend,
  StreamableHttpChannel,
} from "./streamable_http.ts";
import type { OnWrongTransport } from "./streamable_http.ts";

/** An MCP server reached by url, over the transport that the options name. */
export function remoteBackend(
  name: string,
  options: RemoteOptions,
  log: Log,
): Backend {
  if (options.transport === "sse") return sseBackend(name, options, log);
  if (options.transport === "streamable-http") {
    return streamableHttpBackend(name, options, log);
  }
  return new ProbedBackend(name, options, log);
}

type Transport = Exclude<RemoteOptions["transport"], "auto">;

/**
 * Tries one transport and then the other (S1125 `basic/transports` § Backwards
 * Compatibility): first the one that worked last, else SSE where the url's path
 * ends in `/sse`, else Streamable HTTP.
 */
class ProbedBackend implements Backend {
  readonly name: string;
  readonly #url: URL;
  readonly #peer: HttpPeer;
  readonly #log: Log;
  readonly #sse: Backend;
  #worked?: Transport;
  /** The last one that worked, also when it does not work any more. */
  #found?: Transport;

  constructor(name: string, options: RemoteOptions, log: Log) {
    this.name = name;
    this.#url = options.url;
    this.#peer = new HttpPeer(name, options);
    this.#log = log.with({ server: name });
    this.#sse = sseBackend(name, options, log);
  }

  async open(context: OpenContext): Promise<Channel> {
    if (this.#first() === "streamable-http") {
      return this.#streamable("break", context);
    }
    try {
      return await this.#openSse(context);
    } catch (error) {
      if (!(error instanceof WrongTransport)) throw error;
      return this.#streamable("answer", context);
    }
  }

  #first(): Transport {
    const { pathname } = this.#url;
    const likely = /\/sse\/?$/.test(pathname) ? "sse" : "streamable-http";
    return this.#worked ?? likely;
  }

  async #openSse(context: OpenContext): Promise<Channel> {
    try {
      const channel = await this.#sse.open(context);
      this.#works("sse");
      return channel;
    } catch (error) {
      this.#worked = undefined;
      throw error;
    }
  }

  #streamable(mode: OnWrongTransport, context: OpenContext): Channel {
    const { name } = this;
    return probingChannel({
      name,
      context,
      first: new StreamableHttpChannel(
        this.#peer,
        this.#url,
        context,
        this.#log,
        mode,
      ),
      openOther: (signal) => this.#openSse({ ...context, signal }),
      settled: (outcome) => {
        if (outcome === "worked") this.#works("streamable-http");
        else this.#worked = undefined;
      },
    });
  }

  /** Remembers the transport; told when it is another one than before, not with every session. */
  #works(transport: Transport): void {
    this.#worked = transport;
    if (transport === this.#found) return;
    this.#found = transport;
    this.#log.info(EVENTS.transportFound, { transport });
  }
}
