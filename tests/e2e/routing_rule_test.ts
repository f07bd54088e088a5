// On which of its streams a Streamable HTTP client hears what the backend says besides answers.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  notification,
  RawStreamableClient,
  request,
} from "../support/raw_client.ts";
import { result, script, startScripted } from "../support/scripted_server.ts";
import type { Step } from "../support/scripted_server.ts";
import { BACKEND_TRANSPORTS } from "../support/servers.ts";
import type { BackendTransport } from "../support/servers.ts";
import { LIMIT, sharedWorld } from "../support/world.ts";

const TOLD = notification("notifications/x/told");
const ASKED = request("s", "x/ask");
const ENDED = { say: result(1) };
const SECOND_CAME = { wait: { method: "silent/second" } };

/** What the client has open besides call 1, what the backend does in call 1, and where its two messages must come. */
interface Case {
  readonly name: string;
  readonly backends: readonly BackendTransport[];
  readonly open: readonly ("GET" | "call 2")[];
  readonly steps: readonly Step[];
  readonly told: RegExp;
  readonly asked: RegExp;
}

/** These say nothing of the request a message belongs to. */
const SILENT_ON_RELATION = ["stdio", "sse"] as const;

const CASES: readonly Case[] = [
  {
    name: "with one call open, to the stream of that call",
    backends: SILENT_ON_RELATION,
    open: ["GET"],
    steps: [{ say: TOLD }, { say: ASKED }],
    told: /^call 1$/,
    asked: /^call 1$/,
  },
  {
    name: "with no call open, to the GET stream",
    backends: SILENT_ON_RELATION,
    open: ["GET"],
    steps: [ENDED, { say: TOLD }, { say: ASKED }],
    told: /^GET$/,
    asked: /^GET$/,
  },
  {
    name: "with two calls open, to the GET stream",
    backends: SILENT_ON_RELATION,
    open: ["GET", "call 2"],
    steps: [SECOND_CAME, { say: TOLD }, { say: ASKED }],
    told: /^GET$/,
    asked: /^GET$/,
  },
  {
    name: "with two calls open and no GET stream, to one of the calls",
    backends: SILENT_ON_RELATION,
    open: ["call 2"],
    steps: [SECOND_CAME, { say: TOLD }, { say: ASKED }],
    told: /^call [12]$/,
    asked: /^call [12]$/,
  },
  {
    name: "what came on the stream of a call, to the stream of that call",
    backends: ["streamable-http"],
    open: ["GET", "call 2"],
    steps: [SECOND_CAME, { say: TOLD }, { say: ASKED, on: 2 }],
    told: /^call 1$/,
    asked: /^call 2$/,
  },
  {
    name: "what came on the standalone stream, to the GET stream",
    backends: ["streamable-http"],
    open: ["GET"],
    steps: [{ say: TOLD, on: null }, { say: ASKED, on: null }],
    told: /^GET$/,
    asked: /^GET$/,
  },
  {
    name: "what came on the standalone stream, without a GET stream to a call",
    backends: ["streamable-http"],
    open: [],
    steps: [{ say: TOLD, on: null }, { say: ASKED, on: null }],
    told: /^call 1$/,
    asked: /^call 1$/,
  },
];

describe("where a message of the backend goes", () => {
  const world = sharedWorld(startScripted);

  async function connect(backend: BackendTransport) {
    const client = await (await world()).raw({
      client: "streamable-http",
      backend,
    });
    assert.ok(client instanceof RawStreamableClient);
    return client;
  }

  for (const { name, backends, open, steps, told, asked } of CASES) {
    for (const backend of backends) {
      it(`${backend}: ${name}`, LIMIT, async () => {
        await using client = await connect(backend);
        if (open.includes("GET")) await client.listen();
        await client.send(script(1, ...steps));
        if (open.includes("call 2")) {
          await client.send(request(2, "silent/second"));
        }
        const first = await client.asked("notifications/x/told");
        assert.match(first.stream, told);
        assert.match((await client.asked("x/ask")).stream, asked);
      });
    }
  }

  for (const backend of BACKEND_TRANSPORTS) {
    it(
      `${backend}: progress goes to the call that gave its token`,
      LIMIT,
      async () => {
        await using client = await connect(backend);
        await client.listen();
        const steps = [
          SECOND_CAME,
          { say: progress("of 2", 0.5), on: 2 },
          { say: progress(1, 0.25) },
          ENDED,
        ];
        const _meta = { progressToken: 1 };
        await client.send(request(1, "script/run", { _meta, steps }));
        const other = { _meta: { progressToken: "of 2" } };
        await client.send(request(2, "silent/second", other));
        const second = await client.heard.until(
          "progress of call 2",
          ({ stream }) => stream === "call 2",
        );
        assert.equal(second.text, progress("of 2", 0.5));
        await client.answer(1);
        const heard = client.heard.all.filter(({ stream }) =>
          stream === "call 1"
        );
        const texts = heard.map(({ text }) => text);
        assert.deepEqual(texts, [progress(1, 0.25), result(1)]);
      },
    );
  }

  for (const backend of SILENT_ON_RELATION) {
    it(
      `${backend}: progress with a token of no open call is dropped`,
      LIMIT,
      async () => {
        await using client = await connect(backend);
        await client.listen();
        const steps = [{ say: progress("1", 0.5) }, { say: TOLD }, ENDED];
        const _meta = { progressToken: 1 };
        await client.send(request(1, "script/run", { _meta, steps }));
        await client.answer(1);
        const methods = client.heard.all.map(({ message }) => message.method);
        assert.deepEqual(methods, [
          undefined,
          "notifications/x/told",
          undefined,
        ]);
      },
    );
  }
});

function progress(progressToken: string | number, value: number): string {
  const params = { progressToken, progress: value };
  return notification("notifications/progress", params);
}
