// Whatever a client writes, no reader finds a use of a tool in it that the token may not use.

import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { Envelope } from "../../lib/channel/envelope.ts";
import { GatewayError } from "../../lib/errors.ts";
import { openFiltered } from "../support/filtered_client.ts";
import { restrictedContext } from "../support/restricted_context.ts";
import { holds, LIMIT } from "./fuzz.ts";

/** A member as it stands in the text. */
type Member = readonly [name: string, value: unknown];

/** How a server reads an object that has members of one name, or of nearly one. */
interface Reader {
  readonly isNamed: (name: string, wanted: string) => boolean;
  readonly counts: "first" | "last";
}

const READERS: readonly Reader[] = [
  (name: string, wanted: string) => name === wanted,
  (name: string, wanted: string) => folded(name) === wanted,
  (name: string, wanted: string) =>
    folded(name.split("\0")[0] ?? "") === wanted,
].flatMap((isNamed) => [
  { isNamed, counts: "first" as const },
  { isNamed, counts: "last" as const },
]);

const ALLOWED = "read";

/** As Go's `encoding/json` folds it. */
function folded(name: string): string {
  return name.toLowerCase().replaceAll("\u017f", "s").replaceAll("\u212a", "k");
}

/** Objects as lists of members, so that none is lost. */
function objectText(members: readonly Member[]): string {
  const texts = members.map(([name, value]) =>
    `${JSON.stringify(name)}:${
      Array.isArray(value) ? objectText(value) : JSON.stringify(value)
    }`
  );
  return `{${texts.join(",")}}`;
}

/** The members of the objects in `text`, in their order; there are no arrays in it. */
function membersIn(text: string): Member[] {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{},:]|[^\s{},:"]+/g) ?? [];
  let at = 0;
  const value = (): unknown => {
    const token = tokens[at++] as string;
    if (token !== "{") return JSON.parse(token);
    const members: Member[] = [];
    while (tokens[at] !== "}") {
      if (tokens[at] === ",") at++;
      const name: string = JSON.parse(tokens[at] as string);
      at += 2;
      members.push([name, value()]);
    }
    at++;
    return members;
  };
  return value() as Member[];
}

function find(members: unknown, wanted: string, reader: Reader): unknown {
  if (!Array.isArray(members)) return undefined;
  const found = (members as Member[]).filter(([name]) =>
    reader.isNamed(name, wanted)
  );
  return found.at(reader.counts === "first" ? 0 : -1)?.[1];
}

function anyMessage(): fc.Arbitrary<string> {
  const near = (name: string, exactly: number) =>
    fc.oneof(
      { weight: exactly, arbitrary: fc.constant(name) },
      fc.constantFrom(
        name.toUpperCase(),
        name.replace("s", "\u017f"),
        `${name}\0`,
        `${name}\0x`,
      ),
    );
  const tool = fc.constantFrom(ALLOWED, "delete", "read\0", 7, null);
  const params = fc.array(fc.tuple(near("name", 2), tool), { maxLength: 3 });
  const method = fc.constantFrom("tools/call", "tools/call", "x/y");
  const members = fc.array(
    fc.oneof(
      fc.tuple(near("method", 20), method),
      fc.tuple(near("params", 20), params),
      fc.tuple(near("id", 20), fc.constantFrom(1, 2)),
      fc.constant<Member>(["result", 1]),
    ),
    { minLength: 1, maxLength: 6 },
  );
  return members.map((all) => objectText([["jsonrpc", "2.0"], ...all]));
}

it(
  "a use of a tool that is not allowed reaches no server, however it is written",
  LIMIT,
  async () => {
    let handedOn = 0;
    await holds(
      fc.asyncProperty(anyMessage(), async (text) => {
        const context = restrictedContext({ tools: [ALLOWED] });
        const { server, channel } = await openFiltered(context);
        const envelope = read(text);
        if (!envelope) return;
        await channel.send(envelope);
        await channel.close();
        for await (const heard of server.heard()) {
          handedOn++;
          for (const reader of READERS) {
            const members = membersIn(heard);
            if (find(members, "method", reader) !== "tools/call") continue;
            const name = find(find(members, "params", reader), "name", reader);
            assert.equal(name, ALLOWED, heard);
          }
        }
      }),
      3_000,
    );
    assert.ok(handedOn > 100, `${handedOn} were handed on`);
  },
);

function read(text: string): Envelope | undefined {
  try {
    return Envelope.read(new TextEncoder().encode(text));
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return undefined;
  }
}
