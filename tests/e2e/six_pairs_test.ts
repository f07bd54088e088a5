// The official clients see the same server through the gateway as without it, over all six transport pairs.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { connectOfficial } from "../support/connect_official.ts";
import type { OfficialClient } from "../support/official_client.ts";
import { startEverything } from "../support/reference_servers.ts";
import { overTransport } from "../support/servers.ts";
import { COMBINATIONS, LIMIT, named, sharedWorld } from "../support/world.ts";

const DOCUMENT = "demo://resource/static/document/architecture.md";

/** What a client can ask that has the same answer every time. */
const QUESTIONS: Readonly<
  Record<string, (client: OfficialClient) => Promise<unknown>>
> = {
  "tools/list": ({ verbs }) => verbs.listTools(),
  "prompts/list": ({ verbs }) => verbs.listPrompts(),
  "resources/list": ({ verbs }) => verbs.listResources(),
  "resources/templates/list": ({ verbs }) => verbs.listResourceTemplates(),
  "resources/read": ({ verbs }) => verbs.readResource({ uri: DOCUMENT }),
  "prompts/get": ({ verbs }) =>
    verbs.getPrompt({ name: "args-prompt", arguments: { city: "Århus" } }),
  "completion/complete of a prompt": ({ verbs }) =>
    verbs.complete({
      ref: { type: "ref/prompt", name: "completable-prompt" },
      argument: { name: "name", value: "A" },
      context: { arguments: { department: "Engineering" } },
    }),
  "completion/complete of a resource": ({ verbs }) =>
    verbs.complete({
      ref: {
        type: "ref/resource",
        uri: "demo://resource/dynamic/text/{resourceId}",
      },
      argument: { name: "resourceId", value: "7" },
    }),
  ping: ({ verbs }) => verbs.ping(),
  echo: (client) => client.callTool("echo", { message: "ünï↯😀\n\u2028" }),
  "get-sum": (client) => client.callTool("get-sum", { a: 1e21, b: -0.5 }),
  "get-tiny-image": (client) => client.callTool("get-tiny-image"),
  "get-annotated-message": (client) =>
    client.callTool("get-annotated-message", {
      messageType: "error",
      includeImage: true,
    }),
  "get-structured-content": (client) =>
    client.callTool("get-structured-content", { location: "Chicago" }),
  "get-resource-links": (client) =>
    client.callTool("get-resource-links", { count: 10 }),
  "wrong arguments": (client) => client.callTool("get-sum", { a: "one" }),
  "an unknown tool": (client) => client.callTool("no-such-tool"),
};

/** What the server refuses. */
const REFUSED: Readonly<
  Record<string, (client: OfficialClient) => Promise<unknown>>
> = {
  "an unknown prompt": ({ verbs }) =>
    verbs.getPrompt({ name: "no-such-prompt" }),
  "an unknown resource": ({ verbs }) =>
    verbs.readResource({ uri: "demo://no-such-resource" }),
  "an unknown method": (client) => client.request("x/unknown", { a: 1 }),
};

describe("six pairs", () => {
  const world = sharedWorld(startEverything);

  for (const { sdk, ...pair } of COMBINATIONS) {
    it(
      `${sdk}, ${named(pair)}: the server is the same as without the gateway`,
      LIMIT,
      async () => {
        const { servers } = await world();
        const server = overTransport(pair.backend);
        await using via = await (await world()).official(
          sdk,
          pair.client,
          server,
        );
        await using direct = await connectOfficial(
          sdk,
          servers.direct[pair.backend],
        );
        assert.deepEqual(via.server, direct.server);
        for (const [what, ask] of Object.entries(QUESTIONS)) {
          assert.deepEqual(await ask(via), await ask(direct), what);
        }
        for (const [what, ask] of Object.entries(REFUSED)) {
          assert.deepEqual(
            await refusal(ask(via)),
            await refusal(ask(direct)),
            what,
          );
        }
      },
    );

    it(
      `${sdk}, ${named(pair)}: a resource made by a tool can be read`,
      LIMIT,
      async () => {
        const server = overTransport(pair.backend);
        await using client = await (await world()).official(
          sdk,
          pair.client,
          server,
        );
        const name = `${sdk}-${named(pair)}`.replaceAll(" ", "-");
        const data = `data:text/plain;base64,${
          Buffer.from(name).toString("base64")
        }`;
        const made = await client.callTool("gzip-file-as-resource", {
          name,
          data,
        });
        const [link] = made.content as { uri: string }[];
        assert.ok(link);
        await client.counterpart.notifications.until(
          "that the list of resources has changed",
          ({ method }) => method === "notifications/resources/list_changed",
        );
        const { contents } = await client.verbs.readResource({ uri: link.uri });
        const [content] = contents as { blob: string }[];
        const zipped = Buffer.from(content?.blob ?? "", "base64");
        assert.equal(gunzipSync(zipped).toString(), name);
      },
    );
  }
});

/** An error as the client sees it. */
async function refusal(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    const { code, message, data } = error as Record<string, unknown>;
    return { code, message, data };
  }
  assert.fail("it was not refused");
}
