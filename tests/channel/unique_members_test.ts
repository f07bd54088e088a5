// Messages that hold members of the same name, of which one reader takes the first and another the last.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Envelope } from "../../lib/channel/envelope.ts";
import { uniqueMembers } from "../../lib/channel/unique_members.ts";
import { holds, LIMIT } from "../fuzz/fuzz.ts";

const encoder = new TextEncoder();

function read(text: string): Envelope {
  return Envelope.read(encoder.encode(text), 7);
}

function uniqueText(text: string): string {
  return new TextDecoder().decode(uniqueMembers(read(text)).bytes);
}

/** A message with `json` as its parameters. */
function message(json: string): string {
  return `{"jsonrpc":"2.0","method":"x/y","params":${json}}`;
}

/** JSON text that repeats names, and spells things as no serialiser would. */
function wildJson(): fc.Arbitrary<string> {
  const space = fc.constantFrom("", " ", "\n\t");
  const name = fc.constantFrom(
    '"a"',
    '"\\u0061"',
    '"b\\""',
    '"é"',
    '"\\u00e9"',
    '"__proto__"',
    '"\\ud800"',
    '"\ufffd"',
    '"1"',
    '""',
  );
  const leaf = fc.oneof(
    fc.constantFrom("1.0", "1e400", "-0", "12345678901234567890", "null"),
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
    fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
    fc.constantFrom('"{\\"a\\":1,\\"a\\":2}"', '"\\\\"', '"a"', '":"'),
  );
  return fc.letrec<{ value: string }>((tie) => {
    const member = fc.tuple(name, space, tie("value")).map((parts) =>
      `${parts[0]}${parts[1]}:${parts[1]}${parts[2]}`
    );
    return {
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.tuple(fc.array(member, { maxLength: 6 }), space).map(([all, gap]) =>
          `{${gap}${all.join(`${gap},${gap}`)}${gap}}`
        ),
        fc.array(tie("value"), { maxLength: 4 }).map((all) =>
          `[${all.join(" , ")}]`
        ),
      ),
    };
  }).value;
}

/** Reads valid JSON as its grammar has it; throws where an object has a name twice. */
function assertNoNameTwice(text: string): void {
  const tokens = text.match(
    /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g,
  ) as string[];
  const open: (Set<string> | undefined)[] = [];
  tokens.forEach((token, at) => {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token.startsWith('"') && tokens[at + 1] === ":") {
      const names = open.at(-1) as Set<string>;
      const name = JSON.parse(token) as string;
      assert.ok(!names.has(name), `${token} stands twice in ${text}`);
      names.add(name);
    }
  });
}

describe("the unique members of a message", () => {
  it("are the last of each name, on every level", () => {
    const params =
      '{"a":[{"b":1,"b":2}],"c":{"d":1} , "a" : [3,{"e":4,"e":5}]}';
    assert.equal(
      uniqueText(message(params)),
      message('{"c":{"d":1} , "a" : [3,{"e":5}]}'),
    );
  });

  it("are those of the message itself as well: its method, its id, its parameters", () => {
    const text = '{"method":"a","id":1,"params":{"x":1},"jsonrpc":"2.0",' +
      '"params":{"y":2},"method":"b","id":2}';
    const envelope = uniqueMembers(read(text));
    assert.equal(
      new TextDecoder().decode(envelope.bytes),
      '{"jsonrpc":"2.0","params":{"y":2},"method":"b","id":2}',
    );
    assert.deepEqual(envelope.head, { kind: "request", id: 2, method: "b" });
    assert.equal(envelope.relatesTo, 7);
  });

  it("are known by their names, however those are spelled", () => {
    const params = '{"n\\u0061me":1,"name":2,"NAME":3,"nam\\u0065":4}';
    assert.equal(
      uniqueText(message(params)),
      message('{"NAME":3,"nam\\u0065":4}'),
    );
  });

  it("of a name that stands there three times are one", () => {
    assert.equal(
      uniqueText(message('{"a":1,"a":2,"b":3,"a":4}')),
      message('{"b":3,"a":4}'),
    );
  });

  it("with the name __proto__ are members like others", () => {
    assert.equal(
      uniqueText(message('{"__proto__":{"a":1},"__proto__":{"a":2}}')),
      message('{"__proto__":{"a":2}}'),
    );
  });

  it("are all of them where no name stands twice: nothing is made anew", () => {
    const text = message(
      '{ "a":[1.0,1e400,{"a":"\\"a\\":1"}],"b":{"a":"é\\u00e9"} }',
    );
    const envelope = read(text);
    assert.equal(uniqueMembers(envelope), envelope);
  });

  it("are found in what is nested deeper than calls can go", () => {
    const levels = 100_000;
    const nest = '{"a":1,"a":'.repeat(levels) + "2" + "}".repeat(levels);
    const unique = '{"a":'.repeat(levels) + "2" + "}".repeat(levels);
    assert.equal(uniqueText(message(nest)), message(unique));
  });

  it(
    "mean what the message meant, and no name stands twice",
    LIMIT,
    async () => {
      await holds(
        fc.property(wildJson(), (json) => {
          const text = new TextDecoder().decode(encoder.encode(message(json)));
          const unique = uniqueText(text);
          assert.deepEqual(JSON.parse(unique), JSON.parse(text));
          assert.deepEqual(exact(unique), exact(text));
          assertNoNameTwice(unique);
        }),
        400,
      );
    },
  );
});

/** The value with each number as it is written. */
function exact(text: string): unknown {
  type Reviver = (
    key: string,
    value: unknown,
    as?: { source: string },
  ) => unknown;
  const reviver: Reviver = (_key, value, as) =>
    typeof value === "number" ? `number ${as?.source}` : value;
  return JSON.parse(text, reviver);
}
