// What is said about the keys of `proxy.limits`.

import { DEFAULT_LIMITS } from "../../limits.ts";
import { durationText } from "../duration.ts";
import { LIMIT_RULES } from "../limits.ts";
import { limitsSchema } from "../schema.ts";
import { sizeText } from "../size.ts";
import { describeKeys } from "./describe_keys.ts";
import type { About, AboutKeys, Notes } from "./describe_keys.ts";
import { count, duration, size } from "./keywords.ts";
import type { Keywords } from "./keywords.ts";

type Shape = typeof limitsSchema.shape;

const MEANINGS: Readonly<Record<keyof Shape, string>> = {
  sessions: "Sessions in all.",
  sessionsPerToken: "Sessions of one token.",
  children: "Child processes in all.",
  childrenPerToken: "Child processes of one token.",
  childrenPerServer: "Child processes of one server.",
  requestsPerSession:
    "Requests of a session that wait for their answers, in each direction.",
  clientMessage: "The size of a message of a client.",
  serverMessage: "The size of a message of a server.",
  headers: "The size of the header of an HTTP request.",
  streamBuffer:
    "What waits on one stream, to either side, for a peer that has not read it yet.",
  sessionBuffer: "What waits on all streams of a session.",
  open:
    "From a session's first message to the server's answer to initialize; the default of timeouts.open.",
  request:
    "From a request to its answer, anew with each progress; the default of timeouts.request.",
  requestMax:
    "From a request to its answer, whatever progress there is; the default of timeouts.requestMax.",
  idle:
    "How long a session may have neither a message, nor an open stream, nor a call under way.",
};

/** Takes down what is said about every limit, with its range and its default. */
export function describeLimits(notes: Notes): void {
  const about = LIMIT_RULES.map((rule): [string, About] => [rule.key, {
    description: MEANINGS[rule.key],
    ...bounds(rule),
  }]);
  describeKeys(
    notes,
    limitsSchema.shape,
    Object.fromEntries(about) as AboutKeys<Shape>,
  );
}

function bounds(
  { unit, member, least, most }: typeof LIMIT_RULES[number],
): Keywords {
  const usual = DEFAULT_LIMITS[member];
  switch (unit) {
    case "count":
      return { ...count(least, most), default: usual };
    case "size":
      return { ...size(), default: sizeText(usual) };
    case "time":
      return { ...duration(), default: durationText(usual) };
  }
}
