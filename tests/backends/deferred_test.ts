// A backend that is opened by the first message for it.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { OpenContext } from "../../lib/backend.ts";
import { deferred } from "../../lib/backends/deferred.ts";
import type { Channel } from "../../lib/channel/channel.ts";
import { Envelope } from "../../lib/channel/envelope.ts";
import { openContext } from "../support/open_context.ts";
import { MemoryChannel } from "../support/memory_channel.ts";

const hello = Envelope.of({ jsonrpc: "2.0", method: "x/hello" });

/** A backend whose opening the test ends, with a note of how often it began. */
function fixture() {
  const opened = Promise.withResolvers<Channel>();
  const openings: OpenContext[] = [];
  const open = (context: OpenContext) => {
    openings.push(context);
    return opened.promise;
  };
  return { openings, opened, backend: deferred({ name: "one", open }) };
}

describe("a deferred backend", () => {
  it("is not opened before the first message, and hears it", async () => {
    const { openings, opened, backend } = fixture();
    const channel = await backend.open(openContext());
    assert.equal(openings.length, 0);
    await channel.send(hello);
    const inner = new MemoryChannel();
    opened.resolve(inner);
    assert.equal((await inner.hear())?.method, "x/hello");
    await channel.close();
    assert.ok(inner.closed);
  });

  it("gives up an opening that is under way when its session ends", async () => {
    const { openings, opened, backend } = fixture();
    const channel = await backend.open(openContext());
    await channel.send(hello);
    openings[0]?.signal.addEventListener("abort", () => {
      opened.reject(new Error("given up"));
    });
    await channel.close();
    assert.equal(openings[0]?.signal.aborted, true);
  });
});
