// A server as clients of the initialize era see it: by itself where it knows sessions, else over the bridge.

import type { Backend, BackendChannel, OpenContext } from "../backend.ts";
import type { Channel } from "../channel/channel.ts";
import type { Envelope } from "../channel/envelope.ts";
import { NotModern } from "../channel/not_modern.ts";
import { SwitchingChannel } from "../channel/switching_channel.ts";
import type { Ending, Verdict } from "../channel/switching_channel.ts";
import { inherited } from "../backends/inherited.ts";
import { asGatewayError } from "../errors.ts";
import { RPC_CODES } from "../protocol/messages.ts";
import { discover } from "./discover.ts";
import type { EraMemory } from "./era_memory.ts";

/** By what the refusal of an `initialize` may be that of a server which knows none: the codes of what is wrong with a message (2026-07-28 `basic/versioning` § Compatibility Matrix). */
const REFUSING: ReadonlySet<unknown> = new Set([
  RPC_CODES.invalidRequest,
  RPC_CODES.methodNotFound,
  RPC_CODES.invalidParams,
  RPC_CODES.headerMismatch,
  RPC_CODES.missingCapability,
  RPC_CODES.unsupportedRevision,
]);

/** The ways to a server that may be of either era. */
export interface LegacyWays {
  /** Its own sessions. */
  readonly sessions: Backend;
  /** Its own exchanges. */
  readonly exchanges: Backend;
  /** Sessions that the gateway makes of exchanges. */
  readonly bridged: Backend;
  readonly memory: EraMemory;
}

/**
 * A session begins with the client's own `initialize`. Only where the server refuses that as one
 * without sessions would, it is asked whether it is of the modern era: the session then goes on
 * over the bridge, and those that follow begin there.
 */
export function legacyFace(ways: LegacyWays): Backend {
  const { sessions, exchanges, bridged, memory } = ways;
  const { name } = sessions;
  const first = () => memory.speaks("legacy") === false ? bridged : sessions;
  return {
    name,
    ...inherited(exchanges),
    admit: (principal) => first().admit?.(principal),
    async open(context): Promise<BackendChannel> {
      const { limits, memory: account } = context;
      const begun = first();
      const channel = await begun.open(context);
      const judge = begun === sessions ? judgeSession : judgeBridge;
      return new SwitchingChannel({
        name,
        limits,
        memory: account,
        first: channel,
        judge: (envelope, conversation) =>
          judge(envelope, ways, { session: channel, context, conversation }),
      });
    },
  };
}

/** A conversation that has begun. */
interface Begun {
  readonly session: Channel;
  readonly context: OpenContext;
  readonly conversation: Ending;
}

/** A server may say this and that before it answers the handshake. */
function judgeSession(
  envelope: Envelope,
  ways: LegacyWays,
  begun: Begun,
): Verdict | Promise<Verdict> {
  if (envelope.head.kind !== "response") return "undecided";
  if (!envelope.head.failed) {
    ways.memory.learn("legacy", true);
    return "right";
  }
  if (!mayBeModern(envelope)) return "right";
  return bridgeIfModern(ways, begun);
}

async function bridgeIfModern(
  ways: LegacyWays,
  { session, context: opened, conversation: { signal } }: Begun,
): Promise<Verdict> {
  const { bridged, memory } = ways;
  const context = { ...opened, signal };
  if (!await isModern(session, ways, context)) return "right";
  memory.learn("modern", true);
  memory.learn("legacy", false);
  return await bridged.open(context);
}

/** Where it is not, what it said to the client stands, whatever it says to the gateway. */
async function isModern(
  session: Channel,
  { exchanges }: LegacyWays,
  context: OpenContext,
): Promise<boolean> {
  try {
    await discover(exchanges, context);
    return true;
  } catch (error) {
    const { fault } = asGatewayError(error);
    if (fault !== "too_many_children") return false;
    // The place is that of the session, which is of no use any more.
    await session.close();
    return await discover(exchanges, context).then(() => true, () => false);
  }
}

/** What was of the modern era may have been replaced. */
function judgeBridge(
  envelope: Envelope,
  { sessions, memory }: LegacyWays,
  { context, conversation }: Begun,
): Verdict | Promise<Verdict> {
  if (!(envelope.tells instanceof NotModern)) return "right";
  memory.learn("modern", false);
  memory.forget("legacy");
  return sessions.open({ ...context, signal: conversation.signal });
}

function mayBeModern(refusal: Envelope): boolean {
  const { tells } = refusal;
  if (tells) return tells.fault === "backend_protocol";
  return REFUSING.has(refusal.message().error?.code);
}
