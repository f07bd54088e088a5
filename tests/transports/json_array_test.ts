import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isJsonArray, splitBatch } from "../../lib/transports/json_array.ts";
import { readMessages } from "../../lib/transports/read_messages.ts";

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function split(text: string): string[] {
  return splitBatch(bytes(text)).map((item) => new TextDecoder().decode(item));
}

describe("a JSON array", () => {
  it("is cut into the bytes of its elements", () => {
    const elements = [
      '{"a":[1,{"b":"],}"}],"c":"\\"[\\\\"}',
      '"x,\\"]y"',
      "-1.50e3",
      "[ ]",
      '{ "é" : null }',
      '"\\\\"',
      "{}",
    ];
    assert.deepEqual(split(`\n[ ${elements.join(" ,\r\n\t")}\n] `), elements);
    assert.deepEqual(
      split(JSON.stringify(elements)).map((text) => JSON.parse(text)),
      elements,
    );
  });

  it("may be empty", () => {
    assert.deepEqual(split("[]"), []);
    assert.deepEqual(split(" [ \n ] "), []);
  });

  it("is told from an object by its first byte", () => {
    assert.ok(isJsonArray(bytes(" \r\n\t[1]")));
    assert.ok(!isJsonArray(bytes('{"a":[1]}')));
    assert.ok(!isJsonArray(bytes('"[1]"')));
    assert.ok(!isJsonArray(bytes("")));
  });
});

describe("what a peer sent", () => {
  const one = '{"jsonrpc":"2.0","id":1,"result":{"new": 1.0}}';
  const two = '{"jsonrpc":"2.0","method":"x"}';

  it("is one message or a batch, each with its own bytes", () => {
    const read = (text: string) =>
      readMessages(bytes(text), "call").map((envelope) => [
        new TextDecoder().decode(envelope.bytes),
        envelope.head.kind,
        envelope.relatesTo,
      ]);
    assert.deepEqual(read(one), [[one, "response", "call"]]);
    assert.deepEqual(read(`[${one}, ${two}]`), [
      [one, "response", "call"],
      [two, "notification", "call"],
    ]);
  });

  it("is taken whole or not at all", () => {
    assert.throws(() => readMessages(bytes(`[${one},{"jsonrpc":"2.0"}]`)), {
      fault: "invalid_message",
    });
    assert.throws(() => readMessages(bytes(`[${one},`)), {
      fault: "unparsable_message",
    });
    assert.throws(() => readMessages(bytes("Starting server")), {
      fault: "unparsable_message",
    });
  });
});
