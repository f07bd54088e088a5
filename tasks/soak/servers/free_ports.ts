// Ports that nothing else takes while their server is down.

import { once } from "node:events";
import { createServer } from "node:net";
import type { Random } from "../plan/random.ts";

/** Below those that systems give to outgoing connections. */
const LEAST = 20_000;
const MOST = 30_000;

/** So many free ports. */
export async function freePorts(
  count: number,
  random: Random,
): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = random.between(LEAST, MOST);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return true;
  } catch {
    // Somebody listens there.
    return false;
  } finally {
    server.close();
  }
}
