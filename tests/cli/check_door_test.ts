// How a check's client comes in through the front door of a gateway, and goes.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { doorTo } from "../../lib/cli/check/door.ts";
import { Secret } from "../../mod.ts";
import type { Gateway } from "../../mod.ts";

const URL_OF_A_SERVER = "http://127.0.0.1:8080/files/mcp";
const credential = new Secret("dev-token-that-is-long-enough");

function gatewayThat(respond: (request: Request) => Response): Gateway {
  return {
    fetch: (request) => Promise.resolve(respond(request)),
    reload: () => {},
    close: () => Promise.resolve(),
  };
}

describe("the door of a check", () => {
  it("lets in with the credential", async () => {
    const door = doorTo(
      gatewayThat(({ headers }) => new Response(headers.get("authorization"))),
      credential,
    );
    const response = await door(URL_OF_A_SERVER);
    assert.equal(await response.text(), `Bearer ${credential.reveal()}`);
  });

  it("asks nothing once the signal has fired", async () => {
    let asked = 0;
    const gateway = gatewayThat(() => new Response(String(++asked)));
    const signal = AbortSignal.abort();
    await assert.rejects(
      doorTo(gateway, credential)(URL_OF_A_SERVER, { signal }),
    );
    assert.equal(asked, 0);
  });

  it("ends an answer that does not end when the signal fires, at both sides", async () => {
    const left = Promise.withResolvers<void>();
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array([33])),
      cancel: () => left.resolve(),
    });
    const door = doorTo(gatewayThat(() => new Response(endless)), credential);
    const leaving = new AbortController();
    const { signal } = leaving;
    const response = await door(URL_OF_A_SERVER, { signal });
    const reader = response.body?.getReader();
    assert.deepEqual((await reader?.read())?.value, new Uint8Array([33]));
    const next = reader?.read();
    leaving.abort();
    await assert.rejects(Promise.resolve(next), { name: "AbortError" });
    await left.promise;
  });
});
