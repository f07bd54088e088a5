// What a client will do: all of it from its random numbers, nothing from what it meets.

import type { Call } from "../client/calls.ts";
import { planStep } from "./plan_step.ts";
import type { Step } from "./plan_step.ts";
import type { Random } from "./random.ts";
import { SERVERS } from "../servers/servers.ts";
import type { SoakServer } from "../servers/servers.ts";

/** One session of a client, from its begin to its end. */
export interface SessionPlan {
  readonly server: SoakServer;
  readonly transport: "sse" | "streamable-http";
  /** Index of the token. */
  readonly token: number;
  readonly revision: string;
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
const MOST_STEPS = 14;
const HANDSHAKE_FAULTS = ["exit", "exit-3", "kill", "half", "hang", "abandon"];

/** Plans the next session of a client that has one of `tokens` tokens. */
export function planSession(random: Random, token: number): SessionPlan {
  const usable = SERVERS.filter(({ reserved }) => !reserved || token === 0);
  const server = random.pick(usable);
  const transport = random.pick(["sse", "streamable-http"] as const);
  const revision = random.pick(transport === "sse" ? SSE_REVISIONS : REVISIONS);
  const fails = server.transport === "stdio" && random.happens(0.05);
  const fault = random.pick(HANDSHAKE_FAULTS);
  const count = random.between(1, MOST_STEPS);
  return {
    server,
    transport,
    token,
    revision,
    listens: random.happens(0.5),
    handshakeFault: fails ? fault : undefined,
    steps: Array.from(
      { length: count },
      () => planStep(random, { server, transport, revision }),
    ),
    ending: random.weighted({ end: 2, vanish: 1 }),
    triedAfterwards: random.happens(0.3),
    pauseMs: random.between(20, 600),
  };
}

/** The plain call that shows whether a session works. */
export const PROBE: Call = { tool: "echo", args: {}, size: 0 };
