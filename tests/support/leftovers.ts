// What must not remain once sessions are over: open sessions and their children.

import type { InProcessGateway } from "./in_process_gateway.ts";
import { ended } from "./running.ts";

/** Resolves when every session that began has ended and every child that started is gone. */
export async function nothingLeft(gateway: InProcessGateway): Promise<void> {
  // Flushed first: that a session opened or a child started is logged before its client hears anything.
  await gateway.logText();
  for (const { session } of linesWith(gateway, "Session opened")) {
    await gateway.logged("Session closed", { session });
  }
  await noChildLeft(gateway);
}

/** Resolves when every child that started is gone, whether or not its session goes on. */
export async function noChildLeft(gateway: InProcessGateway): Promise<void> {
  await gateway.logText();
  for (const { pid } of linesWith(gateway, "Backend started")) {
    await gateway.logged("Backend exited", { pid });
    await ended(pid as number);
  }
}

function linesWith(gateway: InProcessGateway, msg: string) {
  return gateway.log.filter((line) => line.msg === msg);
}
