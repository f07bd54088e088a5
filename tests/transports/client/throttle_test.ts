// A server that speaks to nobody: it may say some of it at once, and the rest slowly.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  BURST_BYTES,
  Throttle,
} from "../../../lib/transports/client/throttle.ts";
import { ChannelClient, envelope } from "../../support/channel_client.ts";

const MIB = 1024 * 1024;
const SHORT_MS = 50;

async function isHeldUp(paying: Promise<void>): Promise<boolean> {
  return await Promise.race([
    paying.then(() => false),
    delay(SHORT_MS, true),
  ]);
}

describe("what reaches nobody", () => {
  it("costs nothing as long as it is little", async () => {
    const throttle = new Throttle();
    for (let n = 0; n < 100; n++) {
      assert.equal(await isHeldUp(throttle.pay(1_000)), false);
    }
  });

  for (
    const [what, bytes, count] of [
      ["a large message", BURST_BYTES + MIB, 0],
      ["many short ones", 1, 4_200],
    ] as const
  ) {
    it(`takes time after ${what}`, async () => {
      const throttle = new Throttle();
      for (let n = 0; n < count; n++) {
        const paying = throttle.pay(bytes);
        throttle.wake();
        await paying;
      }
      const paying = throttle.pay(bytes);
      assert.equal(await isHeldUp(paying), true);
      throttle.stop();
      await paying;
    });
  }

  it("is not waited for once somebody listens, or all is over", async () => {
    const throttle = new Throttle();
    const paying = throttle.pay(2 * BURST_BYTES);
    assert.equal(await isHeldUp(paying), true);
    throttle.wake();
    await paying;
    const again = throttle.pay(BURST_BYTES);
    assert.equal(await isHeldUp(again), true);
    throttle.stop();
    await again;
    await throttle.pay(BURST_BYTES);
  });
});

describe("a server that floods a client", () => {
  const told = { method: "x/told", params: { text: "x".repeat(MIB) } };
  const progress = {
    method: "notifications/progress",
    params: { progressToken: "t", message: "x".repeat(MIB) },
  };
  const ask = { id: 1, method: "x", params: { _meta: { progressToken: "t" } } };

  /** How many MiB it can say while nothing is read, as long as one message does not take long. */
  async function saidAtOnce(
    client: ChannelClient,
    message: typeof told | typeof progress,
  ): Promise<number> {
    for (let count = 0; count < 100; count++) {
      const sending = client.channel.send(envelope(message));
      if (!await isHeldUp(sending)) continue;
      client.channel.hangUp();
      await sending;
      return count;
    }
    throw new Error("nothing held it up");
  }

  it("that has no stream is slowed down", async () => {
    const client = await ChannelClient.agreedOn("2025-11-25");
    const said = await saidAtOnce(client, told);
    assert.ok(said < 40, `${said}`);
    await client.channel.close();
  });

  for (const revision of ["2025-11-25", "2025-06-18"]) {
    it(`${revision}: that has left its call is slowed down`, async () => {
      const client = await ChannelClient.agreedOn(revision);
      await (await client.post(ask, "events")).body?.cancel();
      const said = await saidAtOnce(client, progress);
      assert.ok(said < 40, `${said}`);
      await client.channel.close();
    });
  }

  it("that comes back is not kept waiting", async () => {
    const client = await ChannelClient.agreedOn("2025-11-25");
    let sending = client.channel.send(envelope(told));
    while (!await isHeldUp(sending)) {
      sending = client.channel.send(envelope(told));
    }
    const events = client.listen();
    await sending;
    assert.equal((await events.message()).method, "x/told");
    await client.channel.close();
  });
});
