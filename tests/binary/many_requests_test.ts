// More requests to backends under way than Bun allows a process by default.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { it } from "node:test";
import { startGateway } from "../support/gateway_process.ts";
import { sendRaw } from "../support/raw_request.ts";
import { configWith, DEV_TOKEN } from "../support/simple_config.ts";
import { initialize, postHeaders } from "../support/streamable_session.ts";

const LIMIT_OF_BUN = 256;
const REQUESTS = LIMIT_OF_BUN + 30;
const PATIENCE_MS = 20_000;

const BODY = JSON.stringify(initialize());

/** Asks for a session; the answer is left to come. */
function ask(url: URL): Promise<Socket> {
  const headers = {
    ...postHeaders(DEV_TOKEN),
    host: url.host,
    "content-length": BODY.length,
  };
  const fields = Object.entries(headers);
  return sendRaw({
    port: Number(url.port),
    lines: [
      `POST ${url.pathname} HTTP/1.1`,
      ...fields.map(([name, value]) => `${name}: ${value}`),
    ],
    body: BODY,
  });
}

it("the executable can have hundreds of requests to backends under way", async () => {
  const all = Promise.withResolvers<void>();
  let asked = 0;
  const backend = createServer(() => {
    if (++asked === REQUESTS) all.resolve();
  });
  await new Promise<void>((done) => backend.listen(0, "127.0.0.1", done));
  const { port } = backend.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/mcp`;
  const config = configWith({ slow: { url, transport: "streamable-http" } });
  await using gateway = await startGateway({ config });
  const endpoint = new URL(`${gateway.url}/slow/mcp`);
  const sockets: Socket[] = [];
  for (let i = 0; i < REQUESTS; i++) sockets.push(await ask(endpoint));
  const patience = setTimeout(all.resolve, PATIENCE_MS);
  await all.promise;
  clearTimeout(patience);
  for (const socket of sockets) socket.destroy();
  backend.closeAllConnections();
  backend.close();
  assert.equal(asked, REQUESTS);
});
