// Messages of 20 MB cross the gateway whole, in both directions, over all six transport pairs.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { script, startScripted } from "../support/scripted_server.ts";
import type { Recorded } from "../support/scripted_server.ts";
import { LIMIT, named, PAIRS, sharedWorld } from "../support/world.ts";

const LARGE = 20_000_000;

describe("large messages", () => {
  const world = sharedWorld(startScripted);

  for (const pair of PAIRS) {
    it(`${named(pair)}: 20 MB from the client arrive`, LIMIT, async () => {
      await using client = await (await world()).raw(pair);
      const text =
        `{"jsonrpc":"2.0","id":1,"method":"x/large","params":{"v":1.0,` +
        `"text":"${"é".repeat(LARGE / 2)}"}}`;
      const { message } = await client.ask(text);
      const { length, sha256 } = message.result as Recorded;
      assert.equal(length, new TextEncoder().encode(text).length);
      assert.equal(sha256, hashOf(text));
    });

    it(`${named(pair)}: 20 MB from the server arrive`, LIMIT, async () => {
      await using client = await (await world()).raw(pair);
      const [before, after] = [
        `{"jsonrpc":"2.0","id":1,"result":{"v":1.0,"text":"`,
        `"}}`,
      ];
      await client.send(script(1, { big: [before, LARGE, after] }));
      const { text } = await client.answer(1);
      assert.equal(text.length, before.length + LARGE + after.length);
      assert.equal(hashOf(text), hashOf(before + "x".repeat(LARGE) + after));
    });
  }
});

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
