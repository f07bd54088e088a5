// Large answers are known by their outline: what it says is what parsing them would.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Envelope } from "../../lib/channel/envelope.ts";
import { OUTLINED_BYTES, outlineOf } from "../../lib/channel/outline.ts";

const encoder = new TextEncoder();

function outline(text: string) {
  return outlineOf(encoder.encode(text));
}

const members = {
  jsonrpc: fc.constant("2.0"),
  id: fc.oneof(fc.string(), fc.maxSafeInteger()),
  result: fc.jsonValue(),
  _extra: fc.jsonValue(),
};

/** A response with its members in any order, with white space between them or none. */
const responses = fc.record({
  message: fc.record(members, { requiredKeys: ["jsonrpc", "id", "result"] }),
  order: fc.shuffledSubarray(Object.keys(members), { minLength: 4 }),
  space: fc.constantFrom(undefined, 1, "\t"),
}).map(({ message, order, space }) => {
  const names = order.filter((name) => name in message);
  const shuffled = Object.fromEntries(
    names.map((name) => [name, (message as Record<string, unknown>)[name]]),
  );
  return { id: message.id, text: JSON.stringify(shuffled, undefined, space) };
});

describe("the outline of an answer", () => {
  it("has the id that parsing finds, whatever the answer holds and in whatever order", () => {
    fc.assert(fc.property(responses, ({ id, text }) => {
      assert.deepEqual(outline(text), { id, failed: false });
    }));
  });

  it("tells an error from a result", () => {
    const error = '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}';
    assert.deepEqual(outline(error), { id: 1, failed: true });
  });

  it("takes the last of members that stand there twice, as parsers do", () => {
    const text = '{"id":1,"result":{},"jsonrpc":"2.0","\\u0069d":2}';
    assert.equal(JSON.parse(text).id, 2);
    assert.deepEqual(outline(text), { id: 2, failed: false });
  });

  it("is not taken in by what stands in the result", () => {
    const text =
      '{"result":{"id":9,"text":"},\\"id\\":8,\\\\"},"jsonrpc":"2.0",' +
      '"id":1}';
    assert.deepEqual(outline(text), { id: 1, failed: false });
  });

  for (
    const [what, text] of [
      ["a request", '{"jsonrpc":"2.0","id":1,"method":"x","result":1}'],
      ["an answer to nothing", '{"jsonrpc":"2.0","id":null,"result":1}'],
      [
        "an id that parsing rounds",
        '{"jsonrpc":"2.0","id":9007199254740993,"result":1}',
      ],
      ["another JSON-RPC", '{"jsonrpc":"1.0","id":1,"result":1}'],
      ["an array", '[{"jsonrpc":"2.0","id":1,"result":1}]'],
      [
        "a message that is not closed",
        '{"jsonrpc":"2.0","id":1,"result":{"a":"}',
      ],
      [
        "a message with more behind it",
        '{"jsonrpc":"2.0","id":1,"result":{}} {}',
      ],
      ["a message with a stray comma", '{"jsonrpc":"2.0","id":1,"result":{},}'],
      [
        "a name that is no JSON",
        '{"jsonrpc":"2.0","\\x":0,"id":1,"result":{}}',
      ],
      ["nothing", ""],
    ] as const
  ) {
    it(`is not made of ${what}`, () => {
      assert.equal(outline(text), undefined);
    });
  }

  it("is not made of bytes that are no UTF-8", () => {
    const bytes = encoder.encode('{"jsonrpc":"2.0","id":1,"result":"?"}');
    bytes[bytes.indexOf(63)] = 0xff;
    assert.equal(outlineOf(bytes), undefined);
  });

  it("never throws", () => {
    const pieces = fc.array(
      fc.constantFrom(
        '"',
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\\",
        "1",
        '"id"',
        " ",
      ),
    );
    fc.assert(fc.property(pieces, (all) => {
      outline(all.join(""));
    }));
  });
});

describe("a large answer", () => {
  const text = "x".repeat(OUTLINED_BYTES);

  it("is read without its content, and parsed for who asks for that", () => {
    const bytes = encoder.encode(
      JSON.stringify({ jsonrpc: "2.0", id: "a", result: { text } }),
    );
    const envelope = Envelope.skim(bytes);
    const head = { kind: "response", id: "a", failed: false };
    assert.deepEqual(envelope.head, head);
    assert.deepEqual(envelope.message().result, { text });
  });

  it("keeps an id beyond what a number can hold", () => {
    const bytes = encoder.encode(
      `{"jsonrpc":"2.0","id":9007199254740993,"result":"${text}"}`,
    );
    assert.equal(Envelope.skim(bytes).head.id, 9007199254740993n);
  });

  it("is refused where it is cut off", () => {
    const whole = JSON.stringify({ jsonrpc: "2.0", id: 1, result: text });
    assert.throws(() => Envelope.skim(encoder.encode(whole.slice(0, -1))), {
      fault: "unparsable_message",
    });
  });
});
