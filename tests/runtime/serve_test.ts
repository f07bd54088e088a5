// Listening for HTTP, the same on every runtime.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { describe, it } from "node:test";
import { ListenError, serve } from "../../lib/runtime/serve.ts";
import type { Listener, Peer, ServeOptions } from "../../lib/runtime/serve.ts";
import { runScript } from "../support/script.ts";

type Respond = ServeOptions["respond"];

/** Runs `test` against a listener and ends it, even when streams are left open. */
async function listening(
  options: Partial<ServeOptions> & { respond: Respond },
  test: (listener: Listener, failures: unknown[]) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const listener = await serve({
    hostname: "127.0.0.1",
    port: 0,
    maxBodyBytes: 1_000,
    idleSeconds: 30,
    onFailure: (error) => void failures.push(error),
    ...options,
  });
  try {
    await test(listener, failures);
  } finally {
    await listener.kill();
  }
}

const sayPeer = (_: Request, peer: Peer) =>
  Promise.resolve(new Response(peer.address));

async function failureOf(options: Partial<ServeOptions>): Promise<ListenError> {
  let error: unknown;
  try {
    await listening({ respond: sayPeer, ...options }, () => Promise.resolve());
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error instanceof ListenError, String(error));
  return error;
}

describe("a listener", () => {
  it("answers on the free port that it took", async () => {
    const respond: Respond = async (request) =>
      new Response(`${request.method} ${await request.text()}`);
    await listening({ respond }, async ({ port }) => {
      assert.notEqual(port, 0);
      const url = `http://127.0.0.1:${port}/`;
      const answer = await fetch(url, { method: "POST", body: "hello" });
      assert.equal(await answer.text(), "POST hello");
    });
  });

  it("without host name takes every interface, and shows IPv4 peers as such", async () => {
    await listening(
      { hostname: undefined, respond: sayPeer },
      async ({ port }) => {
        const answer = await fetch(`http://127.0.0.1:${port}/`);
        assert.equal(await answer.text(), "127.0.0.1");
      },
    );
  });

  it("with an IPv6 address answers there", async (t) => {
    if (!await hasIpv6()) return t.skip("this machine has no IPv6 loopback");
    await listening({ hostname: "::1", respond: sayPeer }, async ({ port }) => {
      const answer = await fetch(`http://[::1]:${port}/`);
      assert.equal(await answer.text(), "::1");
    });
  });

  it("turns an exception into a 500 that says nothing of it", async () => {
    const respond: Respond = () => Promise.reject(new Error("hidden-value"));
    await listening({ respond }, async ({ port }, failures) => {
      const answer = await fetch(`http://127.0.0.1:${port}/`);
      assert.equal(answer.status, 500);
      assert.deepEqual(await answer.json(), {
        error: "internal_error",
        error_description: "The gateway failed on this request",
      });
      assert.deepEqual(failures.map(String), ["Error: hidden-value"]);
    });
  });

  it("can lift the idle limit of a connection and put it back", async () => {
    const respond: Respond = (_, peer) => {
      peer.hold();
      peer.release();
      return Promise.resolve(new Response("ok"));
    };
    await listening({ respond }, async ({ port }) => {
      const answer = await fetch(`http://127.0.0.1:${port}/`);
      assert.equal(await answer.text(), "ok");
    });
  });
});

describe("a listener that is stopped", () => {
  it("refuses new connections, and finishes the answers under way", async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<Response>();
    const respond: Respond = () => {
      asked.resolve();
      return answer.promise;
    };
    await listening({ respond }, async (listener) => {
      const url = `http://127.0.0.1:${listener.port}/`;
      const early = fetch(url);
      await asked.promise;
      const stopped = listener.stop();
      await assert.rejects(fetch(url, { headers: { connection: "close" } }));
      answer.resolve(new Response("late but whole"));
      assert.equal(await (await early).text(), "late but whole");
      await stopped;
    });
  });

  it("drops open streams when it is killed in its place", async () => {
    const cancelled = Promise.withResolvers<void>();
    const respond: Respond = () => {
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array([97])),
        cancel: () => cancelled.resolve(),
      });
      return Promise.resolve(new Response(body));
    };
    await listening({ respond }, async (listener) => {
      const answer = await fetch(`http://127.0.0.1:${listener.port}/`);
      const reader = answer.body?.getReader();
      await reader?.read();
      await listener.kill();
      await assert.rejects(async () => {
        const { done } = await reader?.read() ?? {};
        if (done) throw new Error("ended");
      });
      await cancelled.promise;
    });
  });
});

describe("a port that cannot be had", () => {
  it("is in use when another listener of this program has it", async () => {
    await listening({ respond: sayPeer }, async ({ port }) => {
      assert.equal((await failureOf({ port })).reason, "in_use");
    });
  });

  it("is in use when another process has it, on one address or on all", async () => {
    await listening({ respond: sayPeer }, async ({ port }) => {
      const { stdout } = await runScript(`
        import { serve } from "lib/runtime/serve.ts";
        for (const hostname of ["127.0.0.1", undefined]) {
          const options = { hostname, port: ${port}, maxBodyBytes: 1, idleSeconds: 9 };
          await serve(options).catch((error) => console.log(error.reason));
        }
        process.exit(0);
      `);
      assert.equal(stdout, "in_use\nin_use\n");
    });
  });

  it("is in use when a program that is no gateway has it", async () => {
    const server = createServer();
    const port = await portOf(server);
    try {
      assert.equal((await failureOf({ port })).reason, "in_use");
    } finally {
      server.close();
    }
  });

  it("is unavailable at an address of another machine", async () => {
    const hostname = "203.0.113.9"; // TEST-NET-3 (RFC 5737)
    assert.equal((await failureOf({ hostname })).reason, "unavailable");
  });
});

async function portOf(server: Server, hostname = "127.0.0.1"): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, hostname, resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function hasIpv6(): Promise<boolean> {
  const server = createServer();
  try {
    await portOf(server, "::1");
    server.close();
    return true;
  } catch {
    return false; // No such address here.
  }
}
