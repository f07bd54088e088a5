// Messages cross the gateway byte for byte, in both directions, over all six transport pairs.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RawClient } from "../support/raw_client.ts";
import {
  reported,
  result,
  script,
  startScripted,
  textOf,
} from "../support/scripted_server.ts";
import { LIMIT, named, PAIRS, sharedWorld } from "../support/world.ts";

/** What a parser that rebuilds messages would change: number forms, escapes, order, white space, unknown members, doubles. */
const PARAMS = `{"z":1.0,"a":1e3,"n":-0,"big":12345678901234567890,` +
  `"s":"\\u00e9 é \\/ 😀 \\ud83d\\ude00","_meta":{"x/y":[ ]},"z":2,"__proto__":{"p":1}}`;

const REQUESTS = [
  `{"jsonrpc":"2.0","id":"r-1","method":"x/unknown","params":${PARAMS},"extra":{"top":1.0}}`,
  `{"extra":null,"params":${PARAMS},"method":"tools/call","id":2,"jsonrpc":"2.0"}`,
  `{ "jsonrpc" : "2.0" ,\t"id" :"r-3", "method":"x\\/escaped" }`,
  `{"jsonrpc":"2.0","id":"","method":"x/no-params"}`,
  `{"jsonrpc":"2.0","id":-1.5,"method":"x/array","params":[1.0,{"a":1e3}]}`,
];
const NOTIFICATIONS = [
  `{"jsonrpc":"2.0","method":"notifications/x/unknown","params":${PARAMS},"extra":[]}`,
  `{"params":{"requestId":"nobody's","reason":"\\u00e9"},"method":"notifications/cancelled","jsonrpc":"2.0"}`,
  `{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}`,
];

describe("fidelity", () => {
  const world = sharedWorld(startScripted);

  for (const pair of PAIRS) {
    it(
      `${named(pair)}: what the client says arrives as it was sent`,
      LIMIT,
      async () => {
        await using client = await (await world()).raw(pair);
        for (const text of REQUESTS) await client.ask(text);
        for (const text of NOTIFICATIONS) await client.send(text);
        const heard = await heardBy(client);
        const interesting = heard.filter((text) =>
          !/"(initialize|notifications\/initialized|script\/run)"/.test(text)
        );
        assert.deepEqual(interesting, [...REQUESTS, ...NOTIFICATIONS]);
      },
    );

    it(
      `${named(pair)}: what the server says arrives as it was sent`,
      LIMIT,
      async () => {
        await using client = await (await world()).raw(pair);
        const said = [
          `{"jsonrpc":"2.0","method":"notifications/x/unknown","params":${PARAMS},"extra":1.0}`,
          `{"params":{"level":"info","data":1.0},"method":"notifications/message","jsonrpc":"2.0"}`,
          `{"jsonrpc":"2.0","id":1,"extra":{"a":1e3},"result":{"v":1.0,"s":"\\u00e9"},"more":[ ]}`,
        ];
        await client.send(script(1, ...said.map((say) => ({ say }))));
        await client.answer(1);
        assert.deepEqual(textsOf(client), said);
      },
    );

    it(
      `${
        named(pair)
      }: errors keep their extra members, and results need not be objects`,
      LIMIT,
      async () => {
        await using client = await (await world()).raw(pair);
        const error =
          `{"error":{"extra":1.0,"message":"\\u00e9","code":-32042,` +
          `"data":{"z":1,"a":1e3}},"jsonrpc":"2.0","id":"e"}`;
        const array = `{"jsonrpc":"2.0","id":5,"result":[1.0,null]}`;
        await client.send(script("e", { say: error }));
        assert.equal((await client.answer("e")).text, error);
        await client.send(script(5, { say: array }));
        assert.equal((await client.answer(5)).text, array);
      },
    );

    it(
      `${
        named(pair)
      }: requests of the server with unknown methods, and the answers to them, arrive as they were sent`,
      LIMIT,
      async () => {
        await using client = await (await world()).raw(pair);
        const asks =
          `{"extra":1.0,"jsonrpc":"2.0","id":"s-1","method":"x/ask","params":${PARAMS}}`;
        const asksMore = `{"jsonrpc":"2.0","id":1,"method":"x/more"}`;
        const answers =
          `{"extra":1e3,"result":{"v":1.0,"s":"\\u00e9"},"id":"s-1","jsonrpc":"2.0"}`;
        const refuses =
          `{"jsonrpc":"2.0","id":1,"error":{"code":-1.0,"message":"\\u00e9","extra":{"a":1e3}}}`;
        await client.send(script(
          1,
          { say: asks },
          { wait: { id: "s-1" } },
          { say: asksMore },
          { wait: { id: 1 } },
          { say: result(1) },
        ));
        assert.equal((await client.asked("x/ask")).text, asks);
        await client.send(answers);
        assert.equal((await client.asked("x/more")).text, asksMore);
        await client.send(refuses);
        await client.answer(1);
        const heard = await heardBy(client);
        const said = heard.filter((text) => /"(result|error)":/.test(text));
        assert.deepEqual(said, [answers, refuses]);
      },
    );

    it(
      `${
        named(pair)
      }: ids 1 and "1" are different, and ids beyond 53 bits come back as they were`,
      LIMIT,
      async () => {
        await using client = await (await world()).raw(pair);
        const huge = "12345678901234567890";
        const hugeAnswer = `{"jsonrpc":"2.0","id":${huge},"result":{"huge":1}}`;
        await client.send(
          script(1, { wait: { method: "x/go" } }, { say: result(1, "number") }),
        );
        await client.send(
          script("1", { wait: { method: "x/go" } }, {
            say: result("1", "text"),
          }),
        );
        await client.send(
          `{"jsonrpc":"2.0","id":${huge},"method":"script/run","params":` +
            `{"steps":[{"wait":{"method":"x/go"}},{"say":${
              JSON.stringify(hugeAnswer)
            }}]}}`,
        );
        await client.ask(`{"jsonrpc":"2.0","id":"go","method":"x/go"}`);
        assert.equal((await client.answer(1)).text, result(1, "number"));
        assert.equal((await client.answer("1")).text, result("1", "text"));
        assert.equal((await client.answer(Number(huge))).text, hugeAnswer);
      },
    );

    it(
      `${
        named(pair)
      }: line breaks between the tokens of a message do not cut it in two`,
      LIMIT,
      async () => {
        await using client = await (await world()).raw(pair);
        const text = JSON.stringify(
          {
            jsonrpc: "2.0",
            id: 1,
            method: "x/pretty",
            params: { a: ["\n\r"] },
          },
          null,
          2,
        ).replaceAll("\n", "\r\n");
        await client.ask(text);
        const heard = await heardBy(client);
        const arrived = heard.find((one) => one.includes("x/pretty")) ?? "";
        assert.equal(
          arrived.replaceAll(/[\r\n]/g, " "),
          text.replaceAll(/[\r\n]/g, " "),
        );
      },
    );
  }
});

/** Everything the server recorded of this session, as text. */
async function heardBy(client: RawClient): Promise<string[]> {
  const report = reported(await client.ask(script("report", { report: true })));
  return report.heard.map(textOf);
}

/** What the client heard after the handshake. */
function textsOf({ heard }: RawClient): string[] {
  return heard.all.slice(1).map(({ text }) => text);
}
