// One thing that a client does in a session.

import type { Call } from "../client/calls.ts";
import type { ClientKind } from "../client/client_kind.ts";
import type { Random } from "./random.ts";
import { planRubbish } from "./rubbish.ts";
import type { ModernRubbish, Rubbish } from "./rubbish.ts";
import type { SoakServer } from "../servers/servers.ts";

/** How a client comes back that was asked something in the middle of a call. */
const ROUND_WAYS = [
  "late",
  "never",
  "twice at once",
  "as another",
  "with other arguments",
  "without answers",
  "and leaves",
] as const;

/** One of them. */
export type RoundWay = typeof ROUND_WAYS[number];

/** What is done. */
export type Deed =
  | { readonly do: "calls"; readonly calls: readonly Call[] }
  | { readonly do: "cancel"; readonly call: Call; readonly afterMs: number }
  | { readonly do: "ping" }
  | {
    readonly do: "fault";
    readonly fault: Call;
    readonly beside: readonly Call[];
  }
  | {
    readonly do: "stall";
    readonly how: "answer" | "stream";
    readonly forMs: number;
  }
  | {
    readonly do: "vanish";
    readonly how: "close" | "reset";
    readonly calls: readonly Call[];
    readonly afterMs: number;
  }
  | { readonly do: "resume"; readonly call: Call }
  | {
    readonly do: "rounds";
    readonly way: RoundWay;
    readonly afterMs: number;
  }
  | { readonly do: "listen"; readonly streams: number }
  | { readonly do: "rubbish"; readonly rubbish: Rubbish | ModernRubbish }
  | { readonly do: "stranger" }
  | { readonly do: "crowd"; readonly sessions: number }
  | { readonly do: "flood"; readonly calls: readonly Call[] };

/** A deed and the pause before it. */
export type Step = Deed & { readonly pauseMs: number };

/** Where it is done. */
export interface Setting {
  readonly server: SoakServer;
  readonly transport: ClientKind;
  readonly canBeAsked: boolean;
  /** Whether it may make its server fail. */
  readonly mayBreak: boolean;
}

const KIB = 1024;
/** Of sessions; exchanges cannot be resumed, and come back in rounds. */
const WEIGHTS: Readonly<Record<Deed["do"], number>> = {
  calls: 50,
  cancel: 6,
  ping: 4,
  fault: 7,
  stall: 1.5,
  vanish: 5,
  resume: 4,
  rounds: 0,
  listen: 2,
  rubbish: 10,
  stranger: 4,
  crowd: 0.3,
  flood: 1,
};
const WEIGHTS_OF_EXCHANGES = { ...WEIGHTS, resume: 0, rounds: 8 };
const LOCAL_FAULTS = {
  exit: 2,
  "exit-3": 2,
  abort: 1,
  kill: 3,
  half: 2,
  hang: 1,
  deaf: 2,
  orphan: 2,
  abandon: 2,
};
const REMOTE_FAULTS = {
  cut: 4,
  html: 2,
  500: 3,
  forget: 3,
  hang: 1,
};
/** The process serves others as well: one of the two is left in peace most of the time, so that its users have no excuse. */
const WEB_FAULTS = { ...REMOTE_FAULTS, exit: 0.3, half: 0.3 };

/** Plans one step. */
export function planStep(random: Random, setting: Setting): Step {
  return { ...planDeed(random, setting), pauseMs: random.between(20, 500) };
}

function planDeed(random: Random, setting: Setting): Deed {
  const { transport } = setting;
  const weights = transport === "exchanges" ? WEIGHTS_OF_EXCHANGES : WEIGHTS;
  const deed = random.weighted(weights);
  switch (deed) {
    case "calls":
      return { do: deed, calls: planCalls(random, 8) };
    case "cancel":
      return { do: deed, call: slow(random), afterMs: random.between(0, 200) };
    case "fault":
      return setting.mayBreak
        ? planFault(random, setting)
        : { do: "calls", calls: planCalls(random, 8) };
    case "stall": {
      const how = random.pick(["answer", "stream"] as const);
      return { do: deed, how, forMs: random.between(200, 8_000) };
    }
    case "vanish": {
      const how = random.pick(["close", "reset"] as const);
      const afterMs = random.between(0, 100);
      return { do: deed, how, calls: planCalls(random, 4), afterMs };
    }
    case "resume":
      return { do: deed, call: progress(random) };
    case "listen":
      return { do: deed, streams: random.between(1, 6) };
    case "rounds": {
      const way = random.pick(ROUND_WAYS);
      return { do: deed, way, afterMs: random.between(0, 3_000) };
    }
    case "rubbish":
      return { do: deed, rubbish: planRubbish(random) };
    case "crowd":
      return { do: deed, sessions: random.between(10, 30) };
    case "flood":
      return {
        do: deed,
        calls: Array.from({ length: 30 }, () => slow(random)),
      };
    case "ping":
    case "stranger":
      return { do: deed };
  }
}

function planFault(random: Random, { server }: Setting): Deed {
  const tool = random.weighted(faultsOf(server));
  const fault = { tool, args: { form: planForm(random) }, size: 0 };
  return { do: "fault", fault, beside: planCalls(random, 3) };
}

function faultsOf(
  { transport, remote, era }: SoakServer,
): Readonly<Record<string, number>> {
  if (transport === "stdio") return LOCAL_FAULTS;
  const faults = remote === "web" ? WEB_FAULTS : REMOTE_FAULTS;
  // There is no session that could be forgotten.
  return era === "modern" ? { ...faults, forget: 0 } : faults;
}

/** Mostly one, sometimes many at once. */
function planCalls(random: Random, most: number): Call[] {
  const count = random.happens(0.5) ? 1 : random.between(2, most);
  return Array.from({ length: count }, () => planCall(random));
}

function planCall(random: Random): Call {
  const tool = random.weighted({
    echo: 12,
    slow: 3,
    progress: 2,
    whoami: 3,
    chatter: 2,
    big: 1,
    stderr: 1,
  });
  const form = planForm(random);
  switch (tool) {
    case "echo": {
      const size = random.happens(0.1) ? 256 * KIB : 2 * KIB;
      return { tool, args: { form }, size: random.between(0, size) };
    }
    case "slow":
      return slow(random);
    case "progress":
      return progress(random);
    case "whoami":
      return { tool, args: { form: "stream" }, size: 0 };
    case "chatter": {
      const count = random.between(1, 5);
      return { tool, args: { form, count, bytes: 10 }, size: 0 };
    }
    case "big": {
      const bytes = random.between(10 * KIB, KIB * KIB);
      return { tool, args: { form, bytes }, size: 0 };
    }
    case "stderr": {
      const bytes = random.between(KIB, 256 * KIB);
      return { tool, args: { form, bytes }, size: 0 };
    }
  }
}

function slow(random: Random): Call {
  const ms = random.between(50, 1_500);
  return { tool: "slow", args: { form: planForm(random), ms }, size: 0 };
}

function progress(random: Random): Call {
  const steps = random.between(2, 8);
  const ms = random.between(20, 150);
  return { tool: "progress", args: { form: "stream", steps, ms }, size: 0 };
}

/** How a server over HTTP answers: one object, or a stream of events. */
function planForm(random: Random): string {
  return random.pick(["json", "stream"]);
}
