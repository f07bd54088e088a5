// Any JSON text as a message: what is not changed goes on byte for byte, and a change changes one member.

import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { Envelope } from "../../lib/channel/envelope.ts";
import { memberText } from "../../lib/channel/member_places.ts";
import { requestIdOf } from "../../lib/channel/named_ids.ts";
import { replacedMembers } from "../../lib/channel/replaced_members.ts";
import { GatewayError } from "../../lib/errors.ts";
import { readMessages } from "../../lib/transports/read_messages.ts";
import { holds, jsonText, LIMIT } from "./fuzz.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const FAULTS = ["unparsable_message", "invalid_message"];

/** An id as JSON text. */
function idText(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string().map((text) => JSON.stringify(text)),
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) =>
      JSON.stringify(one)
    ),
  );
}

/** A request with members in any order, and strange ones among them. */
function requestText(): fc.Arbitrary<string> {
  const strange = fc.tuple(
    fc.string({ unit: "binary" }).filter((key) =>
      !["id", "jsonrpc", "method", "params"].includes(key)
    ),
    jsonText(),
  ).map(([key, json]) => `${JSON.stringify(key)}:${json}`);
  return fc.tuple(idText(), jsonText(), fc.array(strange, { maxLength: 4 }))
    .chain(([id, params, others]) => {
      const members = [
        '"jsonrpc":"2.0"',
        `"id" : ${id}`,
        '"method":"x/y"',
        `"params":${params}`,
        ...others,
      ];
      return fc.shuffledSubarray(members, { minLength: members.length });
    })
    .map((members) => `{ ${members.join(" ,\n")}\t}`);
}

it("a message keeps its bytes", LIMIT, async () => {
  await holds(
    fc.property(requestText(), (text) => {
      const bytes = encoder.encode(text);
      const envelope = Envelope.read(bytes);
      assert.equal(decoder.decode(envelope.bytes), decoder.decode(bytes));
      assert.equal(envelope.head.kind, "request");
      assert.deepEqual(envelope.message(), JSON.parse(decoder.decode(bytes)));
    }),
    400,
  );
});

it(
  "of a message whose id is replaced, every other byte stays",
  LIMIT,
  async () => {
    await holds(
      fc.property(requestText(), idText(), (text, id) => {
        const before = Envelope.read(encoder.encode(text));
        const after = replacedMembers(before, [{ path: ["id"], json: id }]);
        const old = memberText(before.bytes, ["id"]) as string;
        assert.equal(memberText(after.bytes, ["id"]), id);
        const back = replacedMembers(after, [{ path: ["id"], json: old }]);
        assert.deepEqual(back.bytes, before.bytes);
        const { id: _, ...rest } = after.message() as { id: unknown };
        const { id: __, ...same } = before.message() as { id: unknown };
        assert.deepEqual(rest, same);
      }),
      400,
    );
  },
);

it(
  "an id is told apart from its neighbours, and written as it was read",
  LIMIT,
  async () => {
    await holds(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (id) => {
        const text = `{"jsonrpc":"2.0","id":${id},"result":{}}`;
        const { head } = Envelope.read(encoder.encode(text));
        assert.equal(String(head.id), String(id));
        const answer = Envelope.result(head.id as number, {});
        assert.equal(memberText(answer.bytes, ["id"]), String(id));
      }),
      200,
      [[2n ** 53n + 1n]],
    );
  },
);

it("whatever bytes come are messages or one of two faults", LIMIT, async () => {
  await holds(
    fc.property(anyBytes(), (bytes) => {
      assertReadOrRefused(bytes);
    }),
    600,
    [
      [encoder.encode('\ufeff\ufeff{"jsonrpc":"2.0","id":1,"method":"x"}')],
      [encoder.encode('{"jsonrpc":"2.0","id":1e400,"method":"x"}')],
    ],
  );
});

it(
  "of a batch, each message keeps its bytes and its place",
  LIMIT,
  async () => {
    const batch = fc.array(requestText(), { minLength: 1, maxLength: 5 });
    await holds(
      fc.property(batch, (texts) => {
        const json = encoder.encode(` [\n${texts.join(" , ")} ]`);
        const read = readMessages(json).map(({ bytes }) =>
          decoder.decode(bytes)
        );
        assert.deepEqual(read, texts.map((text) => toWellFormed(text)));
      }),
      150,
    );
  },
);

it("a text nested a hundred thousand deep is a message, whatever its id", () => {
  const depth = 100_000;
  for (const [open, close] of [["[", "]"], ['{"a":', "}"]] as const) {
    const inner = open === "[" ? "" : "1";
    const deep = open.repeat(depth) + inner + close.repeat(depth);
    for (const id of ["1", '"1"', "9007199254740993"]) {
      const text = `{"params":${deep},"id":${id},"jsonrpc":"2.0","method":"x"}`;
      const { head } = Envelope.read(encoder.encode(text));
      assert.equal(`${head.id}`, id.replaceAll('"', ""));
    }
    assertReadOrRefused(encoder.encode(open.repeat(depth)));
    assertReadOrRefused(encoder.encode(close.repeat(depth)));
  }
});

it("a number beyond all numbers is no id", () => {
  for (const id of ["1e400", "-1e400", "9".repeat(400)]) {
    const request = `{"jsonrpc":"2.0","id":${id},"method":"x"}`;
    assert.throws(
      () => Envelope.read(encoder.encode(request)),
      { fault: "invalid_message" },
    );
    const cancelled =
      `{"jsonrpc":"2.0","method":"x","params":{"requestId":${id}}}`;
    assert.equal(
      requestIdOf(Envelope.read(encoder.encode(cancelled))),
      undefined,
    );
  }
});

/** Anything, and much that is nearly a message. */
function anyBytes(): fc.Arbitrary<Uint8Array> {
  const text = fc.oneof(jsonText(), requestText());
  const mutated = fc.tuple(text, fc.nat(), fc.uint8Array({ maxLength: 4 }))
    .map(([one, place, bytes]) => {
      const copy = encoder.encode(one);
      copy.set(
        bytes.subarray(0, copy.length),
        place % Math.max(1, copy.length - 3),
      );
      return copy;
    });
  return fc.oneof(
    fc.uint8Array(),
    text.map((one) => encoder.encode(one)),
    mutated,
  );
}

function assertReadOrRefused(bytes: Uint8Array): void {
  try {
    for (const envelope of readMessages(bytes)) {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
        .decode(envelope.bytes);
      assert.equal((JSON.parse(text) as { jsonrpc: unknown }).jsonrpc, "2.0");
      if (typeof envelope.head.id === "number") {
        assert.ok(Number.isFinite(envelope.head.id));
      }
    }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    assert.ok(FAULTS.includes(error.fault), error.fault);
  }
}

/** As an encoder writes it: lone surrogates become U+FFFD. */
function toWellFormed(text: string): string {
  return decoder.decode(encoder.encode(text));
}
