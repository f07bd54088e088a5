// Where questions to an authorization server may lead, over real sockets.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  ask,
  IssuerFailure,
  MAX_ANSWER_BYTES,
} from "../../../lib/auth/oauth/guarded_request.ts";
import { answerJson, bodyOf, serveHttp } from "../../support/http_server.ts";
import type { Handler } from "../../support/http_server.ts";

async function refusal(
  url: string,
  trusted: readonly string[] = [],
): Promise<string> {
  try {
    await ask({
      url: new URL(url),
      trusted: trusted.map((one) => new URL(one)),
    });
  } catch (error) {
    assert.ok(error instanceof IssuerFailure, String(error));
    return error.message;
  }
  assert.fail("it was asked");
}

async function served(
  handler: Handler,
  test: (url: URL) => Promise<void>,
): Promise<void> {
  await using server = await serveHttp(handler);
  await test(server.url("/here"));
}

describe("a question", () => {
  it("goes to a plain loopback address that the operator has named, and to no other port there", async () => {
    await served(
      (_, response) => answerJson(response, 200, { a: 1 }),
      async (url) => {
        const { status, json } = await ask({ url, trusted: [url] });
        assert.deepEqual([status, json], [200, { a: 1 }]);
        const other = new URL(url);
        other.port = String(Number(url.port) - 1);
        assert.match(await refusal(url.href, [other.href]), /https/);
      },
    );
  });

  it("goes to no plain address of the network, whoever has named it", async () => {
    const url = "http://login.example/";
    assert.match(await refusal(url, [url]), /https/);
  });

  it("goes to a private host only where the operator has named it", async () => {
    await served((_, response) => void response.end(), async ({ port }) => {
      for (const host of ["127.0.0.1", "localhost"]) {
        const url = `https://${host}:${port}/`;
        assert.match(await refusal(url), /public internet/);
        // There is no TLS: it was connected to.
        assert.match(await refusal(url, [`https://${host}`]), /reached/);
      }
    });
  });

  it("is sent as a form, and what is answered to it is read", async () => {
    await served(async (request, response) => {
      answerJson(response, 201, {
        body: await bodyOf(request),
        authorization: request.headers.authorization,
        type: request.headers["content-type"],
      });
    }, async (url) => {
      const form = new URLSearchParams({ token: "a b&c" });
      const answer = await ask({
        url,
        trusted: [url],
        form,
        authorization: "Basic x",
      });
      assert.deepEqual(answer, {
        status: 201,
        json: {
          body: "token=a+b%26c",
          authorization: "Basic x",
          type: "application/x-www-form-urlencoded",
        },
      });
    });
  });

  it("takes no more than its bound, and exactly that much", async () => {
    for (const bytes of [MAX_ANSWER_BYTES, MAX_ANSWER_BYTES + 1]) {
      await served(
        (_, response) => void response.end("1".padStart(bytes)),
        async (url) => {
          const asked = ask({ url, trusted: [url] });
          if (bytes === MAX_ANSWER_BYTES) assert.equal((await asked).json, 1);
          else await assert.rejects(asked, IssuerFailure);
        },
      );
    }
  });

  it("waits no longer than its limit", async () => {
    await served(() => {}, async (url) => {
      const asked = ask({ url, trusted: [url], limitMs: 50 });
      await assert.rejects(asked, /within 50 ms/);
    });
  });

  it("tells nothing of where it went, nor of what came", async () => {
    await served((request) => void request.socket.destroy(), async (url) => {
      const why = await refusal(url.href, [url.href]);
      assert.ok(!why.includes(url.port) && !why.includes("127.0.0.1"), why);
    });
  });
});
