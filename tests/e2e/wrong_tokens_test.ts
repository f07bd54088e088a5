// Wrong tokens again and again, over real HTTP.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MAX_WRONG_TOKENS } from "../../lib/auth/wrong_tokens.ts";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import { LIMIT, SCRIPTED } from "../support/shared_gateway.ts";

describe("wrong tokens again and again", () => {
  it(
    "get 429 with Retry-After, while a valid token is served",
    LIMIT,
    async () => {
      await using gateway = await startGateway({ one: SCRIPTED });
      const ask = async (authorization?: string) => {
        const response = await fetch(`${gateway.url}/one/mcp`, {
          headers: authorization === undefined ? {} : { authorization },
        });
        const { status, headers } = response;
        return { status, headers, text: await response.text() };
      };
      for (let i = 0; i < MAX_WRONG_TOKENS; i++) {
        assert.equal((await ask(`Bearer wrong-token-${i}`)).status, 401);
      }
      const slowed = await ask("Bearer one-wrong-token-more");
      assert.equal(slowed.status, 429);
      const seconds = Number(slowed.headers.get("retry-after"));
      assert.ok(seconds >= 1 && seconds <= 60, `${seconds}`);
      const body = JSON.parse(slowed.text);
      assert.equal(body.error, "too_many_wrong_tokens");
      const line = await gateway.logged("Request refused", { status: 429 });
      assert.equal(line.remote, "127.0.0.1");
      // GET without an event stream wanted: refused, but by what is behind the token.
      assert.equal((await ask(`Bearer ${TOKENS.alice}`)).status, 405);
      assert.equal((await ask()).status, 401);
      assert.equal((await ask("Bearer and-another-one")).status, 429);
      assert.doesNotMatch(await gateway.logText(), /wrong-token-|and-another/);
    },
  );
});
