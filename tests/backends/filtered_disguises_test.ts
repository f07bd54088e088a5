// Messages that say one thing to the gateway and another to a server, which a filtered backend does not hand on.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openFiltered } from "../support/filtered_client.ts";
import { restrictedContext } from "../support/restricted_context.ts";

function context() {
  return restrictedContext({ tools: ["read"], prompts: ["greet"] });
}

const REQUEST = '"jsonrpc":"2.0","id":1';

describe("a filtered backend", () => {
  it("decides by the last of members with one name, and hands on no other", async () => {
    const { server, say, client } = await openFiltered(context());
    const cases = [
      [
        `{${REQUEST},"method":"tools/call","params":{"name":"delete","name":"read"}}`,
        `{${REQUEST},"method":"tools/call","params":{"name":"read"}}`,
      ],
      [
        `{${REQUEST},"params":{"name":"delete"},"method":"tools/call","params":{"n\\u0061me":"delete","name":"read"}}`,
        `{${REQUEST},"method":"tools/call","params":{"name":"read"}}`,
      ],
      [
        `{${REQUEST},"method":"tools/call","params":{"name":"delete"},"method":"x/y"}`,
        `{${REQUEST},"params":{"name":"delete"},"method":"x/y"}`,
      ],
    ] as const;
    for (const [text, heard] of cases) {
      await say(text);
      assert.equal(await server.hear(), heard);
    }
    const refused = [
      `{${REQUEST},"method":"x/y","params":{"name":"delete"},"method":"tools/call"}`,
      `{${REQUEST},"method":"tools/call","params":{"name":"read","name":"delete"}}`,
      `{${REQUEST},"method":"tools/call","params":{"name":"read"},"params":{"name":"delete"}}`,
    ];
    for (const text of refused) {
      await say(text);
      const { error } = (await client.next()).message();
      assert.equal(error?.code, -32602, text);
    }
  });

  it("refuses members that differ in case only from those that decide", async () => {
    const { server, say, client, lines } = await openFiltered(context());
    const refused = [
      `{${REQUEST},"method":"x/y","Method":"tools/call","params":{"name":"delete"}}`,
      `{${REQUEST},"method":"x/y","METHOD":"tools/call"}`,
      `{${REQUEST},"method":"tools/call","params":{"name":"read"},"Params":{"name":"delete"}}`,
      `{${REQUEST},"method":"tools/call","param\u017f":{"name":"delete"},"params":{"name":"read"}}`,
      `{${REQUEST},"method":"tools/call","param\\u017f":{"name":"delete"},"params":{"name":"read"}}`,
      `{${REQUEST},"method":"x/y","ID":2}`,
      `{${REQUEST},"method":"x/y","method\\u0000":"tools/call"}`,
      `{${REQUEST},"method":"tools/call","params":{"name":"read","Name":"delete"}}`,
      `{${REQUEST},"method":"tools/call","params":{"name":"read","name\\u0000x":"delete"}}`,
      `{${REQUEST},"method":"tools/call","params":{"Name":"read"}}`,
      `{${REQUEST},"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"greet"},"Ref":{}}}`,
      `{${REQUEST},"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"greet","NAME":"x"}}}`,
      `{${REQUEST},"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"greet","tYpe":"x"}}}`,
    ];
    for (const text of refused) {
      await say(text);
      const { id, error } = (await client.next()).message();
      assert.equal(id, 1);
      assert.equal(error?.code, -32600, text);
      assert.match(error?.message ?? "", /to some servers but not to all/);
    }
    assert.equal(lines.length, refused.length);
    const fine = `{${REQUEST},"method":"tools/call","params":` +
      '{"name":"read","arguments":{"Name":"x","NAME":"y"},"Mode":1},"Extra":2}';
    await say(fine);
    assert.equal(await server.hear(), fine);
  });

  it("tells a server that an answer of the client was not handed on when some would take it for a request", async () => {
    const { server, say, lines } = await openFiltered(context());
    server.say({ id: "q", method: "roots/list" });
    await say(
      '{"jsonrpc":"2.0","id":"q","result":{},"Method":"tools/call","Params":{"name":"delete"}}',
    );
    const { id, error } = await server.hears();
    assert.equal(id, "q");
    assert.equal(error?.code, -32600);
    assert.equal(lines[0]?.kind, "response");
    const answer =
      '{ "jsonrpc":"2.0","id":"q2","result":{"Method":1,"a":1,"a":2}}';
    await say(answer);
    assert.equal(await server.hear(), answer);
  });

  it("hands on what is nested deeper than calls can go", async () => {
    const { server, say } = await openFiltered(context());
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    const text = `{${REQUEST},"method":"tools/call","params":` +
      `{"name":"read","arguments":${deep}}}`;
    await say(text);
    assert.equal(await server.hear(), text);
  });
});
