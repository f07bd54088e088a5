// The official clients see the same server through the gateway as without it, over all six transport pairs.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { connectOfficial } from "../support/connect_official.ts";
import {
  QUESTIONS,
  refusal,
  REFUSED,
} from "../support/everything_questions.ts";
import { startEverything } from "../support/reference_servers.ts";
import { overTransport } from "../support/servers.ts";
import { COMBINATIONS, LIMIT, named, sharedWorld } from "../support/world.ts";

describe("six pairs", () => {
  const world = sharedWorld(() => startEverything());

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
