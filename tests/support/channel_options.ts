// What a client's channel needs of its session, in tests that have none.

import { Memory } from "../../lib/channel/memory.ts";
import { DEFAULT_LIMITS } from "../../lib/limits.ts";
import type { Limits } from "../../lib/limits.ts";
import type { ClientChannelOptions } from "../../lib/transports/client/client_channel.ts";
import { logInto } from "./log_lines.ts";
import type { LogLine } from "./log_lines.ts";

/** The default limits but for those given; log lines go into `lines`. */
export function channelOptions(
  lines: LogLine[] = [],
  changed: Partial<Limits> = {},
): ClientChannelOptions {
  const limits = { ...DEFAULT_LIMITS, ...changed };
  const memory = new Memory(limits.sessionBytes);
  return { log: logInto(lines), limits, memory };
}
