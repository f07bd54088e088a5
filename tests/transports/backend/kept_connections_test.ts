// Which requests may use a connection that was used before.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { HttpPeer } from "../../../lib/transports/backend/http_peer.ts";
import {
  KeptConnections,
  keptConnections,
} from "../../../lib/transports/backend/kept_connections.ts";
import { SseStream } from "../../../lib/transports/backend/sse_stream.ts";
import { Authority } from "../../support/certificates.ts";
import { openContext } from "../../support/open_context.ts";

/** Connections at a time that the test can set. */
function atTime() {
  const clock = { ms: 0 };
  const kept = new KeptConnections(() => clock.ms);
  const once = (): boolean => {
    const turn = kept.begin();
    turn.end();
    return turn.keepAlive;
  };
  return { clock, kept, once };
}

describe("a kept connection", () => {
  it("is used again while it is young, and once the old one is surely gone", () => {
    const { clock, once } = atTime();
    const seen: Record<number, boolean> = {};
    for (const ms of [0, 3_900, 7_900, 9_900, 11_000]) {
      clock.ms = ms;
      seen[ms] = once();
    }
    // Left at 3.9 s: it may be closing from 7.9 s to 10.9 s.
    const expected = {
      0: true,
      3_900: true,
      7_900: false,
      9_900: false,
      11_000: true,
    };
    assert.deepEqual(seen, expected);
  });

  it("lives as long as the server says", () => {
    const { clock, kept, once } = atTime();
    kept.said("timeout=75, max=100");
    once();
    clock.ms = 70_000;
    assert.equal(once(), true);
    clock.ms += 74_500;
    assert.equal(once(), false);
    kept.said(undefined);
    assert.equal(once(), false, "what was said holds until something else is");
  });

  it("is as old as the last time that so many were in use", () => {
    const { clock, kept } = atTime();
    const both = [kept.begin(), kept.begin()];
    for (const turn of both) turn.end();
    clock.ms = 3_000;
    kept.begin().end();
    clock.ms = 5_000;
    const first = kept.begin();
    const second = kept.begin();
    const third = kept.begin();
    assert.deepEqual(
      [first, second, third].map(({ keepAlive }) => keepAlive),
      [true, false, false],
      "the second one was last used 5 s ago, and would be taken for the third, too",
    );
    first.end();
    first.end();
    assert.equal(kept.begin().keepAlive, true);
  });
});

describe("a stream that is not read on", () => {
  it("leaves its connection, so that the next request knows which it gets", async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("event: endpoint\ndata: http://elsewhere.test/\n\n");
    });
    await new Promise<void>((go) => server.listen(0, "127.0.0.1", go));
    const { port } = server.address() as AddressInfo;
    const url = new URL(`http://127.0.0.1:${port}/sse`);
    const opening = SseStream.open(
      new HttpPeer("foreign", { headers: new Map() }),
      url,
      openContext(),
    );
    await assert.rejects(opening, { fault: "backend_unavailable" });
    assert.equal(keptConnections(url.origin).inUse, 0);
    server.closeAllConnections();
    server.close();
  });
});

describe("requests to a server that closes idle connections after three seconds", () => {
  const authority = new Authority();
  const answer: RequestListener = (request, response) => {
    request.resume().on("end", () => response.end("{}"));
  };
  const servers = {
    http: () => createServer(answer),
    https: () => createTlsServer(authority.issue("kept"), answer),
  };

  it("use a new connection when they come about then, over TLS as well", async () => {
    const both = Object.entries(servers).map(async ([protocol, create]) => {
      const server = create();
      server.keepAliveTimeout = 3_000;
      let connections = 0;
      server.on("connection", () => connections++);
      await new Promise<void>((go) => server.listen(0, "127.0.0.1", go));
      const { port } = server.address() as AddressInfo;
      const url = new URL(`${protocol}://localhost:${port}/`);
      const options = { headers: new Map(), ca: authority.cert };
      const peer = new HttpPeer("kept", options);
      await post(peer, url);
      await post(peer, url);
      assert.equal(connections, 1, protocol);
      // Into the last second of its life, but before its end.
      await delay(2_200);
      await post(peer, url);
      server.closeAllConnections();
      server.close();
      if ("Bun" in globalThis) assert.equal(connections, 2, protocol);
    });
    await Promise.all(both);
  });
});

async function post(peer: HttpPeer, url: URL): Promise<void> {
  const { signal } = new AbortController();
  const body = new Uint8Array([123, 125]);
  const request = { method: "POST", url, headers: {}, body, signal } as const;
  const answer = await peer.request(request);
  await answer.discard();
}
