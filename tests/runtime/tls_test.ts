// Listening for HTTPS, with and without certificates of clients.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ListenError, serve } from "../../lib/runtime/serve.ts";
import type {
  Listener,
  ServeOptions,
  TlsOptions,
} from "../../lib/runtime/serve.ts";
import { thisRuntime } from "../../lib/runtime/this_runtime.ts";
import { Secret } from "../../lib/secret.ts";
import { Authority } from "../support/certificates.ts";
import type { Certified } from "../support/certificates.ts";
import { askTls, greeted, openTls } from "../support/tls_client.ts";
import type { TlsClientOptions } from "../support/tls_client.ts";

const authority = new Authority();
const own = authority.issue("gateway");
const ca = authority.cert;

const WITHOUT_CLIENT_CERTIFICATES = thisRuntime() === "deno" &&
  "Deno cannot ask for client certificates";

function tlsOf({ cert, key }: Certified, clientCa?: string): TlsOptions {
  return { cert, key: new Secret(key), clientCa };
}

/** Runs `test` against a listener; `asked` are the paths that were answered. */
async function listening(
  options: Partial<ServeOptions>,
  test: (listener: Listener, asked: readonly string[]) => Promise<void>,
): Promise<void> {
  const asked: string[] = [];
  const listener = await serve({
    hostname: "127.0.0.1",
    port: 0,
    maxBodyBytes: 1_000,
    idleSeconds: 30,
    tls: tlsOf(own),
    respond({ url }) {
      asked.push(new URL(url).pathname);
      return Promise.resolve(new Response(`served ${url}`));
    },
    onFailure: (error) => assert.fail(String(error)),
    ...options,
  });
  try {
    await test(listener, asked);
  } finally {
    await listener.kill();
  }
}

async function failureOf(tls: TlsOptions): Promise<ListenError> {
  let error: unknown;
  try {
    await listening({ tls }, () => Promise.resolve());
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error instanceof ListenError, String(error));
  return error;
}

describe("a listener with a certificate", () => {
  it("answers over TLS, by https urls, and shows its certificate", async () => {
    await listening({}, async ({ port }) => {
      const answer = await askTls(port, { ca });
      assert.match(answer, /^HTTP\/1\.1 200 [^]*served https:\/\/localhost\//);
      const { socket, name } = await openTls(port, { ca });
      assert.equal(name, "gateway");
      socket.destroy();
    });
  });

  it("sends the certificates between its own and its authority's", async () => {
    const middle = new Authority("Middle", authority);
    const { cert, key } = middle.issue("chained");
    const tls = tlsOf({ cert: cert + middle.cert, key });
    await listening({ tls }, async ({ port }) => {
      assert.match(await askTls(port, { ca }), /served/);
    });
  });

  it("speaks TLS 1.2, and refuses 1.1", async () => {
    await listening({}, async ({ port }) => {
      assert.equal(await greeted(port, "TLS 1.1"), "refused");
      assert.equal(await greeted(port, "TLS 1.2"), "accepted");
    });
  });

  it("answers nobody in plain HTTP", async () => {
    await listening({}, async ({ port }, asked) => {
      await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
      assert.deepEqual(asked, []);
    });
  });

  it("says that the runtime cannot use a certificate, and nothing of the key", async () => {
    const { cert } = own;
    const key = authority.key; // That of another certificate.
    const error = await failureOf(tlsOf({ cert, key }));
    assert.equal(error.reason, "bad_certificate");
    const words = key.split("\n").filter((line) => line.length > 20);
    const told = `${error.message} ${error.cause}`;
    assert.ok(!words.some((word) => told.includes(word)), told);
  });

  it("leaves its port to no other, with a certificate or without", async () => {
    await listening({}, async ({ port }) => {
      const again = listening({ port }, () => Promise.resolve());
      await assert.rejects(again, { name: "ListenError", reason: "in_use" });
      const plain = listening(
        { port, tls: undefined },
        () => Promise.resolve(),
      );
      await assert.rejects(plain, { name: "ListenError", reason: "in_use" });
    });
  });
});

describe("a listener that asks for client certificates", {
  skip: WITHOUT_CLIENT_CERTIFICATES,
}, () => {
  const clients = authority.issue("client", { use: "client" });
  const foreign = new Authority("Somebody else");
  const others = foreign.issue("client", { use: "client" });
  const ended = authority.issue("client", { use: "client", endsInMs: -1_000 });

  it("answers who has one of its authority", async () => {
    await listening({ tls: tlsOf(own, ca) }, async ({ port }, asked) => {
      assert.match(await askTls(port, { ca, ...clients }, "/mine"), /served/);
      assert.deepEqual(asked, ["/mine"]);
    });
  });

  it("takes several authorities", async () => {
    const both = ca + foreign.cert;
    await listening({ tls: tlsOf(own, both) }, async ({ port }, asked) => {
      await askTls(port, { ca, ...clients }, "/one");
      await askTls(port, { ca, ...others }, "/other");
      assert.deepEqual(asked, ["/one", "/other"]);
    });
  });

  const refused: [string, TlsClientOptions][] = [
    ["has none", {}],
    ["has one of another authority", others],
    ["has one that has ended", ended],
    ["has one for servers only", own],
  ];
  for (const [who, certified] of refused) {
    it(`answers nobody who ${who}, and hears nothing of them`, async () => {
      await listening({ tls: tlsOf(own, ca) }, async ({ port }, asked) => {
        assert.equal(await askTls(port, { ca, ...certified }), "");
        assert.deepEqual(asked, []);
      });
    });
  }
});

it("Deno says that it cannot ask for client certificates", {
  skip: thisRuntime() === "bun" && "Bun can",
}, async () => {
  const error = await failureOf(tlsOf(own, ca));
  assert.equal(error.reason, "no_client_certificates");
});
