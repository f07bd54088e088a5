// Changing single members of a message.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Envelope } from "../../lib/channel/envelope.ts";
import { memberText } from "../../lib/channel/member_places.ts";
import { replacedMembers } from "../../lib/channel/replaced_members.ts";

const ID = ["id"];
const REQUEST_ID = ["params", "requestId"];
const TOKEN = ["params", "_meta", "progressToken"];

function read(text: string): Envelope {
  return Envelope.read(new TextEncoder().encode(text), 7);
}

function textOf({ bytes }: Envelope): string {
  return new TextDecoder().decode(bytes);
}

function withId(text: string, json: string): string {
  return textOf(replacedMembers(read(text), [{ path: ID, json }]));
}

describe("replaced members", () => {
  it("leave every other byte as it came, on either side of characters of any width", () => {
    const text = '\t{ "π":"😀\\u00e9é","jsonrpc" : "2.0" ,"id": 1.0 ,' +
      '"method":"語/😀","x":[1e5,-0,true,null,"\\\\"] }\n';
    assert.equal(withId(text, '"né"'), text.replace("1.0", '"né"'));
  });

  it("are those of the message itself, not others of the same name", () => {
    const text = '{"params":{"id":1,"list":[{"id":2},"id"],"requestId":3},' +
      '"a":["id",4],"jsonrpc":"2.0","method":"id","id":5}';
    assert.equal(withId(text, '"new"'), text.replace(":5}", ':"new"}'));
  });

  it("are found by keys and after strings with escapes", () => {
    const text = '{"a":"\\\\\\"id\\":1,","\\u0069d":"old\\"","b":"\\\\",' +
      '"jsonrpc":"2.0","method":"m"}';
    assert.equal(withId(text, "9"), text.replace('"old\\""', "9"));
  });

  it("are replaced wherever they stand when they stand there twice", () => {
    const text = '{"id":1,"jsonrpc":"2.0","id":"2","method":"m"}';
    const replaced = withId(text, "3");
    assert.equal(replaced, '{"id":3,"jsonrpc":"2.0","id":3,"method":"m"}');
    assert.equal(memberText(read(text).bytes, ID), '"2"');
  });

  it("can be several at once, at any depth, and one that is missing stays so", () => {
    const text = '{"jsonrpc":"2.0","id":1,"method":"m","params":' +
      '{"_meta":{"progressToken":"t","x":1}}}';
    const replaced = replacedMembers(read(text), [
      { path: ID, json: '"a"' },
      { path: TOKEN, json: '"b"' },
      { path: REQUEST_ID, json: '"c"' },
    ]);
    const wanted = text.replace(":1,", ':"a",').replace('"t"', '"b"');
    assert.equal(textOf(replaced), wanted);
    assert.equal(replaced.head.id, "a");
    assert.equal(replaced.relatesTo, 7);
  });

  it("are read as they came: what a number looks like is kept", () => {
    const text = '{"jsonrpc":"2.0","id":12345678901234567890,"method":"m"}';
    assert.equal(memberText(read(text).bytes, ID), "12345678901234567890");
    assert.equal(memberText(read(text).bytes, TOKEN), undefined);
  });

  it("are no values that are objects or lists", () => {
    const text = '{"jsonrpc":"2.0","method":"m","params":' +
      '{"requestId":{"requestId":1},"_meta":[{"progressToken":1}]}}';
    const replacements = [REQUEST_ID, TOKEN].map((path) => ({
      path,
      json: "0",
    }));
    assert.equal(textOf(replacedMembers(read(text), replacements)), text);
  });

  it("are found in what is nested deeper than calls can go", () => {
    const levels = 100_000;
    const nest = "[".repeat(levels) + "]".repeat(levels);
    const text = `{"jsonrpc":"2.0","method":"m","x":${nest},"id":1}`;
    assert.equal(withId(text, "2"), text.replace('"id":1', '"id":2'));
  });
});
