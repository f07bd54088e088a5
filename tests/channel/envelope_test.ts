// Reading messages without changing them.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Envelope } from "../../lib/channel/envelope.ts";
import { GatewayError } from "../../lib/errors.ts";

const encode = (text: string) => new TextEncoder().encode(text);

function refusalOf(bytes: Uint8Array): GatewayError {
  try {
    Envelope.read(bytes);
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return error;
  }
  assert.fail("it was taken");
}

describe("an envelope", () => {
  it("keeps the bytes it was read from, whatever members they hold", () => {
    const text = '{ "z":1, "method":"x/unknown","id":1.0,"jsonrpc":"2.0" }';
    const envelope = Envelope.read(encode(text));
    assert.equal(new TextDecoder().decode(envelope.bytes), text);
    assert.deepEqual(envelope.head, {
      kind: "request",
      id: 1,
      method: "x/unknown",
    });
  });

  it("does not pass on a byte order mark, which a receiver need not take", () => {
    const text = '{"jsonrpc":"2.0","method":"m"}';
    const { bytes } = Envelope.read(encode(`\ufeff${text}`));
    assert.deepEqual(bytes, encode(text));
  });

  it("tells requests, notifications and responses apart", () => {
    const kinds = [
      '{"jsonrpc":"2.0","id":"a","method":"m"}',
      '{"jsonrpc":"2.0","method":"m"}',
      '{"jsonrpc":"2.0","id":1,"result":null}',
      '{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":""}}',
    ].map((text) => Envelope.read(encode(text)).head.kind);
    assert.deepEqual(kinds, [
      "request",
      "notification",
      "response",
      "response",
    ]);
  });

  it("refuses what is not JSON in UTF-8 without quoting it", () => {
    for (
      const bytes of [encode("{secret"), new Uint8Array([0x22, 0xff, 0x22])]
    ) {
      const error = refusalOf(bytes);
      assert.equal(error.fault, "unparsable_message");
      assert.equal(error.code, -32700);
      assert.doesNotMatch(error.text, /secret/);
    }
  });

  it("refuses what is not JSON-RPC 2.0", () => {
    const wrong = [
      "1",
      "null",
      "[]",
      "{}",
      '{"jsonrpc":"1.0","id":1,"method":"m"}',
      '{"jsonrpc":"2.0","id":null,"method":"m"}',
      '{"jsonrpc":"2.0","id":{},"method":"m"}',
      '{"jsonrpc":"2.0","id":1,"method":7}',
      '{"jsonrpc":"2.0","id":1}',
      '{"jsonrpc":"2.0","result":{}}',
    ];
    for (const text of wrong) {
      assert.equal(refusalOf(encode(text)).fault, "invalid_message", text);
    }
  });
});
