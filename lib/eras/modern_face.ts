// A server as clients of the modern era see it: by itself where it is of that era, else as the gateway makes it one.

import type { Backend, BackendChannel, OpenContext } from "../backend.ts";
import type { Envelope } from "../channel/envelope.ts";
import { NotModern } from "../channel/not_modern.ts";
import { SwitchingChannel } from "../channel/switching_channel.ts";
import type { Ending, Verdict } from "../channel/switching_channel.ts";
import { discover, greet } from "./discover.ts";
import type { EraMemory } from "./era_memory.ts";

/** The ways to a server that may be of either era. */
export interface ModernWays {
  /** Its own exchanges. */
  readonly exchanges: Backend;
  /** Its own sessions. */
  readonly sessions: Backend;
  /** What clients get where it has none. */
  readonly instead: Backend;
  readonly memory: EraMemory;
}

/**
 * An exchange is the server's own once the server has shown that it is of the modern era: the
 * first is what it is asked for. Where it refuses one as a server of the initialize era would,
 * that exchange begins anew instead, and those that follow begin there.
 */
export function modernFace(ways: ModernWays): Backend {
  const { exchanges, instead, memory } = ways;
  const { name } = exchanges;
  return {
    name,
    admit: (principal) =>
      (memory.speaks("modern") === false ? instead : exchanges)
        .admit?.(principal),
    open: (context) => {
      switch (memory.speaks("modern")) {
        case true:
          return begin(ways, context);
        case false:
          return instead.open(context);
        case undefined:
          return beginAsked(ways, context);
      }
    },
    isIdle: () => [exchanges, instead].every((one) => one.isIdle?.() ?? true),
    async close(reason) {
      await Promise.all([exchanges.close?.(reason), instead.close?.(reason)]);
    },
  };
}

async function beginAsked(
  ways: ModernWays,
  context: OpenContext,
): Promise<BackendChannel> {
  return await isModern(ways, context)
    ? await begin(ways, context)
    : await ways.instead.open(context);
}

function begin(
  ways: ModernWays,
  context: OpenContext,
): Promise<BackendChannel> {
  const { limits, memory } = context;
  const { exchanges } = ways;
  return exchanges.open(context).then((first) =>
    new SwitchingChannel({
      name: exchanges.name,
      limits,
      memory,
      first,
      judge: (envelope, conversation) =>
        judge(envelope, ways, context, conversation),
    })
  );
}

async function isModern(
  { exchanges, sessions, memory }: ModernWays,
  context: OpenContext,
): Promise<boolean> {
  try {
    await discover(exchanges, context);
    memory.learn("modern", true);
  } catch (error) {
    if (!(error instanceof NotModern)) throw error;
    // One that ends whatever it is asked has no era.
    if (error.death) await greet(sessions, context);
    memory.learn("modern", false);
  }
  return memory.speaks("modern") === true;
}

function judge(
  { tells }: Envelope,
  { instead, memory }: ModernWays,
  context: OpenContext,
  conversation: Ending,
): Verdict | Promise<Verdict> {
  if (!(tells instanceof NotModern)) return "right";
  memory.learn("modern", false);
  return instead.open({ ...context, signal: conversation.signal });
}
