// What a session hears of what a filtered backend offers.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OUTLINED_BYTES } from "../../lib/channel/outline.ts";
import { openFiltered, textOf } from "../support/filtered_client.ts";
import { restrictedContext } from "../support/restricted_context.ts";

function some() {
  return restrictedContext({
    tools: ["read", "list"],
    prompts: ["greet"],
    resources: ["file:///a", "file:///{a}"],
  });
}

/** Asks for a list, has the server answer with this text as the result, and returns the text that the client gets. */
async function listed(
  { server, say, client }: Awaited<ReturnType<typeof openFiltered>>,
  method: string,
  result: string,
): Promise<string> {
  await say({ id: 1, method });
  assert.equal((await server.hears()).method, method);
  server.say(`{"jsonrpc":"2.0","id":1,"result":${result}}`);
  const text = textOf(await client.next());
  const start = '{"jsonrpc":"2.0","id":1,"result":';
  assert.ok(text.startsWith(start), text);
  return text.slice(start.length, -1);
}

describe("a list of a filtered backend", () => {
  it("comes without what may not be used, every other byte as it was", async () => {
    const open = await openFiltered(some());
    const cases = [
      [
        "tools/list",
        '{ "tools" : [ {"name":"read","n":1.0} , {"name":"delete"},{"n":1e400, "name":"l\\u0069st"} ], "nextCursor":"é\\u00e9","_meta":{"n":12345678901234567890}}',
        '{ "tools" : [{"name":"read","n":1.0},{"n":1e400, "name":"l\\u0069st"}], "nextCursor":"é\\u00e9","_meta":{"n":12345678901234567890}}',
      ],
      ["tools/list", '{"tools":[{"name":"delete"}]}', '{"tools":[]}'],
      [
        "prompts/list",
        '{"prompts":[{"name":"curse"},{"name":"greet"}]}',
        '{"prompts":[{"name":"greet"}]}',
      ],
      [
        "resources/list",
        '{"resources":[{"uri":"file:///a","name":"x"},{"uri":"file:///b","name":"file:///a"}]}',
        '{"resources":[{"uri":"file:///a","name":"x"}]}',
      ],
      [
        "resources/templates/list",
        '{"resourceTemplates":[{"uriTemplate":"file:///{b}"},{"uriTemplate":"file:///{a}"}]}',
        '{"resourceTemplates":[{"uriTemplate":"file:///{a}"}]}',
      ],
    ] as const;
    for (const [method, result, wanted] of cases) {
      assert.equal(await listed(open, method, result), wanted);
    }
  });

  it("may be large", async () => {
    const open = await openFiltered(some());
    const text = "x".repeat(2 * OUTLINED_BYTES);
    const read = `{"name":"read","description":"${text}"}`;
    const all = `{"tools":[{"name":"delete"},${read},{"name":"kill"}]}`;
    const wanted = `{"tools":[${read}]}`;
    assert.equal(await listed(open, "tools/list", all), wanted);
  });

  it("comes byte for byte where nothing has to go", async () => {
    const open = await openFiltered(some());
    const texts = [
      '{ "tools":[ {"name":"read","n":[1.0,1e400]} , {"name":"list"}]\n}',
      '{"tools":[ ]}',
      "{ }",
      "null",
    ];
    for (const text of texts) {
      assert.equal(await listed(open, "tools/list", text), text);
    }
  });

  it("comes without what has no name that can be read", async () => {
    const open = await openFiltered(some());
    const text = '{"tools":[null,7,"read",{},{"name":7},["read"],' +
      '{"name":"read\\u0000"},{"Name":"read"},{"name":"read"}]}';
    const wanted = '{"tools":[{"name":"read"}]}';
    assert.equal(await listed(open, "tools/list", text), wanted);
  });

  it("is one list where the server has written two", async () => {
    const open = await openFiltered(some());
    const text = '{"tools":[{"name":"delete"},{"name":"read"}],' +
      '"tools":[{"name":"read","name":"delete"},{"name":"list"}]}';
    const wanted = '{"tools":[{"name":"list"}]}';
    assert.equal(await listed(open, "tools/list", text), wanted);
    const shown = '{"tools":[{"name":"delete"}],"tools":[{"name":"list"}]}';
    assert.equal(await listed(open, "tools/list", shown), wanted);
  });

  it("is whole where nothing of its kind is restricted", async () => {
    const open = await openFiltered(restrictedContext({ tools: [] }));
    const text = '{"prompts":[{"name":"curse"},7]}';
    assert.equal(await listed(open, "prompts/list", text), text);
    const strange = '{"tools":[{"name":"x"}],"prompts":[7]}';
    const wanted = '{"tools":[],"prompts":[7]}';
    assert.equal(await listed(open, "tools/list", strange), wanted);
    const unread = `{,"prompts":"${"x".repeat(OUTLINED_BYTES)}"}`;
    assert.equal(await listed(open, "prompts/list", unread), unread);
  });

  it("has only the tools that say they only read, for a token that may use no others", async () => {
    const open = await openFiltered(restrictedContext({ tools: "readOnly" }));
    const reads = '{"name":"a","annotations":{"readOnlyHint":true}}';
    const text = `{"tools":[${reads},{"name":"b"},` +
      '{"name":"c","annotations":{"readOnlyHint":"true"}},' +
      '{"name":"d","annotations":null},' +
      '{"name":"e","annotations":{"readOnlyHint":false}},' +
      '{"annotations":{"readOnlyHint":true}}]}';
    const wanted = `{"tools":[${reads}]}`;
    assert.equal(await listed(open, "tools/list", text), wanted);
  });

  it("still belongs to the request that it belonged to", async () => {
    const { server, say, client } = await openFiltered(some());
    await say({ id: "l", method: "tools/list" });
    await server.hear();
    const text = '{"jsonrpc":"2.0","id":"l","result":{"tools":[{"name":"x"}]}}';
    server.say(text, "l");
    const envelope = await client.next();
    assert.deepEqual(envelope.message().result, { tools: [] });
    assert.equal(envelope.relatesTo, "l");
  });

  it("is an error where the answer cannot be read", async () => {
    const { server, say, client } = await openFiltered(some());
    const answers = [
      '{"jsonrpc":"2.0","id":1,"result":{"tools":{"0":{"name":"delete"}}}}',
      `{"jsonrpc":"2.0","id":1,"result":{,"tools":"${
        "x".repeat(OUTLINED_BYTES)
      }"}}`,
    ];
    for (const answer of answers) {
      await say({ id: 1, method: "tools/list" });
      await server.hear();
      server.say(answer);
      const envelope = await client.next();
      assert.equal(envelope.tells?.fault, "backend_protocol");
      assert.equal(envelope.head.id, 1);
    }
    server.say({ method: "x/after" });
    assert.equal((await client.next()).head.method, "x/after");
  });

  it("that the server refuses to give is its refusal", async () => {
    const { server, say, client } = await openFiltered(some());
    await say({ id: 1, method: "tools/list" });
    await server.hear();
    const text = '{ "jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}';
    server.say(text);
    assert.equal(textOf(await client.next()), text);
  });

  it("is looked for in no other answer", async () => {
    const { server, say, client } = await openFiltered(some());
    await say({ id: 1, method: "x/tools" });
    const large = `{"jsonrpc":"2.0","id":1,"result":{,"x":"${
      "x".repeat(OUTLINED_BYTES)
    }","tools":[{"name":"delete"}]}}`;
    server.say(large);
    assert.equal(textOf(await client.next()), large);
  });

  it("is found under an id that was used again after its request was cancelled", async () => {
    const { server, say, client } = await openFiltered(some());
    const cancel = { method: "notifications/cancelled" };
    await say({ id: 1, method: "tools/list" });
    await say({ ...cancel, params: { requestId: 1 } });
    await say({ id: 1, method: "x/y" });
    server.say({ id: 1, result: { tools: [{ name: "delete" }] } });
    assert.deepEqual((await client.next()).message().result, { tools: [] });
    for (let id = 0; id < 300; id++) {
      await say({ id, method: "tools/list" });
      await say({ ...cancel, params: { requestId: id } });
    }
    server.say({ id: 299, result: { tools: [{ name: "delete" }] } });
    assert.deepEqual((await client.next()).message().result, { tools: [] });
    server.say({ id: 0, result: { prompts: [{ name: "curse" }] } });
    assert.deepEqual((await client.next()).message().result, { prompts: [] });
  });

  it("is asked for no more often at once than requests may be open", async () => {
    const context = restrictedContext({ tools: [] }, { requestsPerSession: 2 });
    const { server, say, client } = await openFiltered(context);
    for (const id of [1, 2, 3]) await say({ id, method: "tools/list" });
    const { id, error } = (await client.next()).message();
    assert.equal(id, 3);
    assert.match(error?.message ?? "", /Too many requests/);
    server.say({ id: 1, result: { tools: [] } });
    await client.next();
    await say({ id: 3, method: "tools/list" });
    const heard = [await server.hears(), await server.hears()];
    assert.deepEqual(heard.map(({ id }) => id), [1, 2]);
    assert.equal((await server.hears()).id, 3);
  });
});

describe("an update of a resource of a filtered backend", () => {
  it("is told only where the resource may be used", async () => {
    const { server, client, lines } = await openFiltered(some());
    const method = "notifications/resources/updated";
    server.say({ method, params: { uri: "file:///b?key=1" } });
    server.say({ method, params: { uri: 7 } });
    server.say({ method });
    const text =
      `{ "jsonrpc":"2.0","method":"${method}","params":{"uri":"file:///a"}}`;
    server.say(text);
    assert.equal(textOf(await client.next()), text);
    assert.equal(lines.length, 3);
    assert.ok(lines.every(({ level }) => level === "DEBUG"));
    assert.doesNotMatch(JSON.stringify(lines), /key/);
  });

  it("is told where no resource is restricted", async () => {
    const { server, client } = await openFiltered(
      restrictedContext({ tools: [] }),
    );
    const method = "notifications/resources/updated";
    server.say({ method, params: { uri: 7 } });
    assert.equal((await client.next()).head.method, method);
  });
});
