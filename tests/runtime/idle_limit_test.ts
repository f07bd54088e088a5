// Bun's limit on silent connections, and how an answer is kept from it.

import assert from "node:assert/strict";
import { once } from "node:events";
import { it } from "node:test";
import { serve } from "../../lib/runtime/serve.ts";
import type { Peer } from "../../lib/runtime/serve.ts";
import { thisRuntime } from "../../lib/runtime/this_runtime.ts";
import { rawRequest, sendRaw } from "../support/raw_request.ts";

const LIMIT = { timeout: 60_000 };
const skip = thisRuntime() === "deno" && "Deno has no such limit";

it("an answer that is held is waited for after others were given up", {
  ...LIMIT,
  skip,
}, async () => {
  const answers = new Map<string, (response: Response) => void>();
  const listener = await serve({
    hostname: "127.0.0.1",
    port: 0,
    maxBodyBytes: 1_000,
    idleSeconds: 1,
    onFailure: (error) => {
      throw error;
    },
    respond: ({ url }: Request, peer: Peer) => {
      const { pathname } = new URL(url);
      if (pathname === "/held") peer.hold();
      return new Promise((resolve) => answers.set(pathname, resolve));
    },
  });
  const { port } = listener;
  const linesFor = (path: string) => [`GET ${path} HTTP/1.1`, "Host: a"];
  const held = rawRequest({ port, lines: linesFor("/held") });
  const other = await sendRaw({ port, lines: linesFor("/other") });
  await once(other.resume(), "close");
  answers.get("/held")?.(new Response("late but whole"));
  assert.equal((await held).body, "late but whole");
  await listener.kill();
});
