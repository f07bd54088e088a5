// The channel contract, run by the transports towards backends, and by one behind a filter.

import { filtered } from "../../lib/backends/filtered.ts";
import { logInto } from "../support/log_lines.ts";
import { restrictedContext } from "../support/restricted_context.ts";
import { openModernHttp } from "../support/modern_peer.ts";
import { openShared } from "../support/shared_peer.ts";
import { openSse } from "../support/sse_peer.ts";
import { openStdio } from "../support/stdio_peer.ts";
import { openStreamable } from "../support/streamable_peer.ts";
import { channelContract } from "./channel_contract.ts";
import type { ContractSubject } from "./channel_contract.ts";

const rules = {
  onFlood: "waits",
  onLeave: "throws",
  onStall: "backend_stalled",
} as const;

channelContract("stdio", { open: openStdio, ...rules });
channelContract("HTTP+SSE", { open: openSse, ...rules });
channelContract("Streamable HTTP", { open: openStreamable, ...rules });
channelContract("Streamable HTTP of the modern era", {
  open: openModernHttp,
  onFlood: "waits",
  onLeave: "answers",
});
channelContract("stdio, shared", {
  open: openShared,
  onFlood: "waits",
  onLeave: "answers",
});
channelContract("stdio, filtered", { open: openFiltered, ...rules });

async function openFiltered(): Promise<ContractSubject> {
  const { channel, peer } = await openStdio();
  const inner = { name: "peer", open: () => Promise.resolve(channel) };
  const context = restrictedContext({ tools: [], prompts: [], resources: [] });
  return { channel: await filtered(inner, logInto([])).open(context), peer };
}
