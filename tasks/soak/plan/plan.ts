// What a client will do: all of it from its random numbers, nothing from what it meets.

import { CLIENT_KINDS } from "../client/client_kind.ts";
import type { ClientKind } from "../client/client_kind.ts";
import type { Call } from "../client/calls.ts";
import { planStep } from "./plan_step.ts";
import type { Step } from "./plan_step.ts";
import type { Random } from "./random.ts";
import { isOneChild, SERVERS } from "../servers/servers.ts";
import type { SoakServer } from "../servers/servers.ts";

/** One session of a client, from its begin to its end. */
export interface SessionPlan {
  readonly server: SoakServer;
  readonly transport: ClientKind;
  /** Index of the token. */
  readonly token: number;
  readonly revision: string;
  /** Whether its server may ask it something. */
  readonly canBeAsked: boolean;
  /** Whether it opens a stream for what belongs to no call. */
  readonly listens: boolean;
  /** How its server fails in the handshake. */
  readonly handshakeFault?: string;
  readonly steps: readonly Step[];
  readonly ending: "end" | "vanish";
  /** Whether it is tried after its end, which a 404 must answer. */
  readonly triedAfterwards: boolean;
  /** Before it, in milliseconds. */
  readonly pauseMs: number;
}

const REVISIONS = ["2025-11-25", "2025-11-25", "2025-06-18", "2025-03-26"];
const SSE_REVISIONS = ["2024-11-05", "2025-06-18"];
/** Clients of one token share what they use; only those of this one make it fail. */
const BREAKING_TOKEN = 0;
const MOST_STEPS = 14;
const HANDSHAKE_FAULTS = ["exit", "exit-3", "kill", "half", "hang", "abandon"];

/** Plans the next session of a client that has one of `tokens` tokens. */
export function planSession(random: Random, token: number): SessionPlan {
  const usable = SERVERS.filter(({ reserved }) => !reserved || token === 0);
  const server = random.pick(usable);
  const transport = random.pick(CLIENT_KINDS);
  const revision = random.pick(transport === "sse" ? SSE_REVISIONS : REVISIONS);
  const canBeAsked = transport !== "exchanges" || random.happens(0.7);
  const isShared = transport === "exchanges" || isOneChild(server);
  const mayBreak = !isShared || token === BREAKING_TOKEN;
  const fails = server.transport === "stdio" && !isOneChild(server) &&
    random.happens(0.05);
  const fault = random.pick(HANDSHAKE_FAULTS);
  const count = random.between(1, MOST_STEPS);
  return {
    server,
    transport,
    token,
    revision,
    canBeAsked,
    listens: random.happens(0.5),
    handshakeFault: fails ? fault : undefined,
    steps: Array.from(
      { length: count },
      () => planStep(random, { server, transport, canBeAsked, mayBreak }),
    ),
    ending: random.weighted({ end: 2, vanish: 1 }),
    triedAfterwards: random.happens(0.3),
    pauseMs: random.between(20, 600),
  };
}

/** The plain call that shows whether a session works. */
export const PROBE: Call = { tool: "echo", args: {}, size: 0 };
