// The server side of one of the conversations with a server that several share, played by a test.

import type { Channel } from "../../lib/channel/channel.ts";
import type { Envelope } from "../../lib/channel/envelope.ts";
import { ChildPlaces } from "../../lib/backends/child_places.ts";
import { shared } from "../../lib/backends/shared/shared.ts";
import { GatewayError } from "../../lib/errors.ts";
import { DEFAULT_LIMITS } from "../../lib/limits.ts";
import type {
  ContractPeer,
  ContractSubject,
} from "../contract/channel_contract.ts";
import { logInto } from "./log_lines.ts";
import { modernRequest } from "./modern_messages.ts";
import { openContext } from "./open_context.ts";
import { DISCOVERED } from "./puppets.ts";
import { puppetBackend } from "./stdio_peer.ts";

/** Opens a conversation with a child that does what the test says; a first request has started it. */
export async function openShared(): Promise<ContractSubject> {
  const { backend, peer } = await puppetBackend();
  const { openMs } = DEFAULT_LIMITS;
  const places = new ChildPlaces(DEFAULT_LIMITS);
  const whole = shared(backend, { places, log: logInto([]), openMs });
  const inner = await whole.open(openContext());
  await inner.send(modernRequest("first", "contract/begin"));
  const child = await peer;
  for (const result of [DISCOVERED, {}]) {
    const { id } = JSON.parse(await child.hear());
    await child.say(JSON.stringify({ jsonrpc: "2.0", id, result }));
  }
  await inner[Symbol.asyncIterator]().next();
  const names = new Map<unknown, number>();
  const asked: unknown[] = [];
  return {
    channel: noting(inner, asked),
    peer: {
      ...named(child, names, asked),
      async [Symbol.asyncDispose]() {
        await whole.close?.(new GatewayError("shutting_down", "the end"));
        await child[Symbol.asyncDispose]();
      },
    },
  };
}

/** The channel, with the ids of its requests noted. */
function noting(channel: Channel, asked: unknown[]): Channel {
  return {
    send(envelope: Envelope) {
      if (envelope.head.kind === "request") asked.push(envelope.head.id);
      return channel.send(envelope);
    },
    close: (reason) => channel.close(reason),
    [Symbol.asyncDispose]: () => channel.close(),
    [Symbol.asyncIterator]: () => channel[Symbol.asyncIterator](),
  };
}

/** The child, which knows requests by what they are called on the channel: they come in order. */
function named(
  child: ContractPeer,
  names: Map<unknown, number>,
  asked: unknown[],
): Omit<ContractPeer, keyof AsyncDisposable> {
  const withId = (json: string, id: unknown) =>
    JSON.stringify({ ...JSON.parse(json), id });
  return {
    async hear() {
      const json = await child.hear();
      if (!/^.{0,40}"id":\d/.test(json)) return json;
      const name = asked.shift();
      names.set(name, JSON.parse(json).id);
      return withId(json, name);
    },
    say(json) {
      const [, id] = /^.{0,40}"id":"(\w+)"/.exec(json) ?? [];
      const number = names.get(id);
      return child.say(number === undefined ? json : withId(json, number));
    },
    leave: () => child.leave(),
  };
}
