// A port for a server that comes and goes.

import { createServer } from "node:net";

/** Below what systems give out by themselves, so that nobody takes it while the server is away. */
const LOWEST = 12_000;
const HIGHEST = 31_999;

/** A port of 127.0.0.1 that nothing listens on, and that will not be given to anyone who asks for any. */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const span = HIGHEST - LOWEST + 1;
    const port = LOWEST + Math.floor(Math.random() * span);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  const free = await new Promise<boolean>((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => resolve(true));
  });
  if (free) await new Promise((resolve) => probe.close(resolve));
  return free;
}
