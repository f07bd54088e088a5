// What a server asks of the client, across its death: no answer to a dead one reaches its successor.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Envelope } from "../../lib/channel/envelope.ts";
import { METHODS } from "../../lib/protocol/methods.ts";
import type { Puppet } from "../support/puppets.ts";
import { SupervisedClient } from "../support/supervised_client.ts";

const LIMIT = { timeout: 60_000 };
const ASK = "sampling/createMessage";

/** A question as a server may write it: `id`, `token` and `text` are JSON texts. */
function question(id: string, token: string, text: string): string {
  return `{"text":${text}, "jsonrpc":"2.0","method":"${ASK}","id": ${id},` +
    `"params":{"_meta":{"progressToken":${token},"x":1.50}}}`;
}

function textOf({ bytes }: Envelope): string {
  return new TextDecoder().decode(bytes);
}

/** A client whose first child has been killed, with the second, which has asked something. */
async function restarted(text: string) {
  const { client, first } = await SupervisedClient.begin();
  await client.kill();
  await client.say({ id: 1, method: "x/ask" });
  const second = await client.puppets.life(2);
  await second.hello();
  await second.told("x/ask");
  second.say(text);
  const asked = await client.told(ASK);
  const params = asked.message().params as {
    _meta: { progressToken: string };
  };
  return {
    client,
    first,
    second,
    asked,
    id: asked.head.id as string,
    token: params._meta.progressToken,
  };
}

/** Has everything that was sent before reach the child. */
async function settled(client: SupervisedClient, child: Puppet) {
  const method = `x/marker/${child.heard.all.length}`;
  await client.say({ method });
  await child.told(method);
}

describe("what a server asks of the client", () => {
  it("crosses byte for byte while it is the first", LIMIT, async () => {
    const { client, first } = await SupervisedClient.begin();
    await using _ = client;
    const text = question("1.0", '"t"', '"ü😀"');
    first.say(text);
    assert.equal(textOf(await client.told(ASK)), text);
    const answer = '{"result":{},"id":1.0, "jsonrpc":"2.0"}';
    const progress = '{"method":"notifications/progress","jsonrpc":"2.0",' +
      '"params":{"progressToken": "t","progress":1}}';
    const late = '{"result":"unasked","id":77,"jsonrpc":"2.0"}';
    for (const said of [progress, answer, late]) await client.say(said);
    await settled(client, first);
    const heard = first.heard.all.slice(2, 5).map(({ text }) => text);
    assert.deepEqual(heard, [progress, answer, late]);
  });

  it(
    "is taken back when it dies, before its calls are answered",
    LIMIT,
    async () => {
      const { client, first } = await SupervisedClient.begin();
      await using _ = client;
      await client.say({ id: 1, method: "x/call" });
      await first.told("x/call");
      for (const id of [3, "3", 4, 5]) first.say({ id, method: ASK });
      first.say({ method: METHODS.cancelled, params: { requestId: 5 } });
      await client.told(METHODS.cancelled);
      await client.say({ id: 4, result: {} });
      await first.answered(4);
      const before = client.heard.all.length;
      await client.kill();
      await client.answer(1);
      const after = client.heard.all.slice(before);
      assert.deepEqual(
        after.map(({ head }) => head.method ?? head.id),
        [METHODS.cancelled, METHODS.cancelled, 1],
      );
      assert.deepEqual(
        after.slice(0, 2).map((one) => one.message().params?.requestId),
        [3, "3"],
      );
    },
  );

  it(
    "has another id and token from the second life on, and is answered by its own",
    LIMIT,
    async () => {
      const text = question("1.0", "12345678901234567890", '"ü😀\\u00fc"');
      const { client, second, asked, id, token } = await restarted(text);
      await using _ = client;
      assert.match(id, /^[\w-]{16}-\d+$/);
      assert.match(token, /^[\w-]{16}-\d+$/);
      assert.notEqual(id, token);
      const wanted = text.replace("1.0,", `"${id}",`)
        .replace("12345678901234567890", `"${token}"`);
      assert.equal(textOf(asked), wanted);
      const progress = '{"method":"notifications/progress","jsonrpc":"2.0",' +
        `"params":{"progress":0.50,"progressToken": "${token}"}}`;
      const answer = `{"result":{"é":1},"id":"${id}", "jsonrpc":"2.0"}`;
      await client.say(progress);
      await client.say(answer);
      // A task reports progress also after its request was answered.
      await client.say(progress);
      await settled(client, second);
      const heard = second.heard.all.map(({ text }) => text).slice(3, 6);
      const back = progress.replace(`"${token}"`, "12345678901234567890");
      assert.deepEqual(heard, [
        back,
        answer.replace(`"${id}"`, "1.0"),
        back,
      ]);
      await client.say(answer);
      await settled(client, second);
      assert.equal(
        second.heard.all.filter(({ message }) => message.id === 1).length,
        2,
        "the request x/ask, and one answer",
      );
    },
  );

  it("can be taken back by the second one itself", LIMIT, async () => {
    const { client, second, id } = await restarted(question("7", "7", "1"));
    await using _ = client;
    second.say({ method: METHODS.cancelled, params: { requestId: "7" } });
    second.say({ method: METHODS.cancelled, params: { requestId: 7 } });
    second.say({ method: METHODS.cancelled, params: { requestId: 7 } });
    second.say({ method: "x/marker" });
    await client.told("x/marker");
    const cancelled = client.heard.all
      .filter(({ head }) => head.method === METHODS.cancelled)
      .map((envelope) => envelope.message().params);
    assert.deepEqual(cancelled, [{ requestId: id }]);
    assert.equal(client.logged("Message dropped").length, 2);
  });

  it(
    "is taken back under the id that the client knows when the second one dies",
    LIMIT,
    async () => {
      const { client, id } = await restarted(question("7", "7", "1"));
      await using _ = client;
      await client.kill();
      const cancelled = await client.told(METHODS.cancelled);
      assert.equal(cancelled.message().params?.requestId, id);
    },
  );

  it("is not answered by what was meant for the first", LIMIT, async () => {
    const { client, second } = await restarted(question("7", "7", "1"));
    await using _ = client;
    const before = second.heard.all.length;
    const late = [
      { id: 7, result: {} },
      { id: "7", error: { code: 1, message: "no" } },
      { method: METHODS.progress, params: { progressToken: 7, progress: 1 } },
      // Calls of the client's own that the first had open, or never had.
      { method: METHODS.cancelled, params: { requestId: 55 } },
    ];
    for (const message of late) await client.say(message);
    await settled(client, second);
    const heard = second.heard.all.slice(before);
    assert.equal(heard.length, 1, "the marker");
    const dropped = client.logged("Message dropped");
    assert.equal(dropped.length, late.length);
    assert.ok(dropped.every(({ level }) => level === "DEBUG"));
  });

  it(
    "has the client's cancellations of its own calls pass",
    LIMIT,
    async () => {
      const { client, second } = await restarted(question("7", "7", "1"));
      await using _ = client;
      await client.say({ method: METHODS.cancelled, params: { requestId: 1 } });
      const { message } = await second.told(METHODS.cancelled);
      assert.deepEqual(message.params, { requestId: 1 });
      await client.say({ id: 2, method: "x/open" });
      await second.told("x/open");
      await client.kill();
      await client.answer(2);
      assert.equal(
        client.heard.all.some(({ head }) => head.id === 1),
        false,
        "a cancelled call is not answered",
      );
    },
  );

  it("is answered also while the handshake waits for that", LIMIT, async () => {
    const { client } = await SupervisedClient.begin();
    await using _ = client;
    await client.kill();
    await client.say({ id: 1, method: "x/ask" });
    const second = await client.puppets.life(2);
    await second.told("initialize");
    second.say({ id: "p", method: METHODS.ping });
    const { head } = await client.told(METHODS.ping);
    await client.channel.send(Envelope.result(head.id as string, {}));
    await second.answered("p");
    await second.hello();
    await second.answer("x/ask");
    await client.answer(1);
    assert.deepEqual(second.methods, [
      "initialize",
      "p",
      "notifications/initialized",
      "x/ask",
    ]);
  });
});
