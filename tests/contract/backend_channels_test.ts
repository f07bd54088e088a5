// The channel contract, run by the three transports towards backends.

import { openSse } from "../support/sse_peer.ts";
import { openStdio } from "../support/stdio_peer.ts";
import { openStreamable } from "../support/streamable_peer.ts";
import { channelContract } from "./channel_contract.ts";

const rules = {
  onFlood: "waits",
  onLeave: "throws",
  onStall: "backend_stalled",
} as const;

channelContract("stdio", { open: openStdio, ...rules });
channelContract("HTTP+SSE", { open: openSse, ...rules });
channelContract("Streamable HTTP", { open: openStreamable, ...rules });
