// What servers ask and tell beside their answers reaches the official clients at the root, and comes back to the right one.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import type { FromServer } from "../support/counterpart.ts";
import { EVERYTHING, MixedServers } from "../support/mixed_servers.ts";
import type { OfficialClient } from "../support/official_client.ts";
import { officialAtRoot, ROOT_CLIENTS } from "../support/root_client.ts";
import type { RootClient } from "../support/root_client.ts";
import { LIMIT, sharedWorld } from "../support/world.ts";

const SHARED = "demo://resource/dynamic/text/1";
const OTHER = "demo://resource/dynamic/blob/2";

describe("servers that ask and tell at the root", () => {
  const world = sharedWorld(() => MixedServers.start());

  /** Connects, and waits until each of the three has had the client's roots. */
  async function connect(how: RootClient): Promise<OfficialClient> {
    const { gateway } = await world();
    const client = await officialAtRoot(gateway, how);
    await rootsTold(client, 1, EVERYTHING.length);
    return client;
  }

  for (const how of ROOT_CLIENTS) {
    const name = `${how.sdk}, ${how.transport}`;

    it(
      `${name}: the client is asked for its roots once, and once after a change`,
      LIMIT,
      async () => {
        await using client = await connect(how);
        const { counterpart } = client;
        assert.equal(count(counterpart.requests.all, "roots/list"), 1);
        counterpart.roots = [
          { uri: "file:///second", name: "second" },
          { uri: "file:///th%20ird", name: "dritte ü" },
        ];
        await client.verbs.sendRootsListChanged();
        await rootsTold(client, 2, EVERYTHING.length);
        assert.equal(count(counterpart.requests.all, "roots/list"), 2);
        for (const server of EVERYTHING) {
          const { content } = await client.callTool(
            `${server}__get-roots-list`,
          );
          assert.match(JSON.stringify(content), /second.*dritte ü.*th%20ird/);
        }
        assert.equal(count(counterpart.requests.all, "roots/list"), 2);
      },
    );

    it(
      `${name}: sampling and elicitation of each server at the same time`,
      LIMIT,
      async () => {
        await using client = await connect(how);
        const { requests } = client.counterpart;
        const answers = await Promise.all(EVERYTHING.flatMap((server) => [
          client.callTool(`${server}__trigger-sampling-request`, {
            prompt: `the prompt of ${server}`,
            maxTokens: 7,
          }),
          client.callTool(`${server}__trigger-elicitation-request`),
        ]));
        for (const [index, { content }] of answers.entries()) {
          const wanted = index % 2 === 0 ? /a sampled answer: ünï↯😀/ : /Ada/;
          assert.match(JSON.stringify(content), wanted);
        }
        for (const server of EVERYTHING) {
          const asked = requests.all.filter(({ params }) =>
            JSON.stringify(params ?? {}).includes(`the prompt of ${server}`)
          );
          assert.equal(asked.length, 1, server);
        }
        assert.equal(count(requests.all, "elicitation/create"), 3);
      },
    );

    it(
      `${name}: progress of calls to several servers at once`,
      LIMIT,
      async () => {
        await using client = await connect(how);
        await Promise.all(EVERYTHING.map(async (server, index) => {
          const steps = index + 2;
          const noticed: unknown[] = [];
          const { content } = await client.callTool(
            `${server}__trigger-long-running-operation`,
            { duration: 0.4, steps },
            { onprogress: ({ total }) => void noticed.push(total) },
          );
          assert.match(JSON.stringify(content), new RegExp(`Steps: ${steps}`));
          // The SDKs lose those that come in one chunk with the result.
          assert.ok(noticed.length > 0);
          assert.deepEqual(new Set(noticed), new Set([steps]));
        }));
        const steps = client.counterpart.arrived.all.filter(({ method }) =>
          method === "notifications/progress"
        ).map(({ params }) => params?.total);
        assert.deepEqual(steps.sort(), [2, 2, 3, 3, 3, 4, 4, 4, 4]);
      },
    );

    it(`${name}: a log level holds for every server`, LIMIT, async () => {
      await using client = await connect(how);
      const changed = () => client.verbs.sendRootsListChanged();
      const before = rootsWords(client, 2);
      client.counterpart.roots = [
        { uri: "file:///a", name: "a" },
        { uri: "file:///b", name: "b" },
      ];
      await client.verbs.setLoggingLevel("error");
      await changed();
      // Each asks, and says nothing of it.
      for (const server of EVERYTHING) {
        await rootsHeld(client, server, "file:///b");
      }
      assert.equal(rootsWords(client, 2), before);
      await client.verbs.setLoggingLevel("info");
      client.counterpart.roots = [
        ...client.counterpart.roots,
        { uri: "file:///c", name: "c" },
      ];
      await changed();
      await rootsTold(client, 3, EVERYTHING.length);
      assert.equal(rootsWords(client, 2), before);
    });

    it(
      `${name}: updates of what was subscribed to, from the server that has it`,
      LIMIT,
      async () => {
        await using client = await connect(how);
        const { notifications } = client.counterpart;
        await client.verbs.subscribeResource({ uri: SHARED });
        await client.verbs.subscribeResource({ uri: OTHER });
        await client.verbs.unsubscribeResource({ uri: SHARED });
        const [holder] = EVERYTHING;
        await client.callTool(`${holder}__toggle-subscriber-updates`);
        const { params } = await notifications.until(
          "an update",
          ({ method }) => method === "notifications/resources/updated",
        );
        assert.deepEqual(params, { uri: OTHER });
        await client.callTool(`${holder}__toggle-subscriber-updates`);
        const about = notifications.all.filter(({ params }) =>
          String(params?.data).includes("Received")
        ).map(({ params }) => String(params?.data));
        assert.deepEqual(
          about.map((text) => /Received (\w+)/.exec(text)?.[1]),
          ["Subscribe", "Subscribe", "Unsubscribe"],
          "one server only was asked",
        );
      },
    );

    it(
      `${name}: a resource that a server makes is listed and can be read`,
      LIMIT,
      async () => {
        await using client = await connect(how);
        for (const server of EVERYTHING) {
          const file = `${how.sdk}-${how.transport}-${server}`;
          const data = `data:text/plain;base64,${
            Buffer.from(file).toString("base64")
          }`;
          const seen = count(client.counterpart.notifications.all, CHANGED);
          const made = await client.callTool(
            `${server}__gzip-file-as-resource`,
            {
              name: file,
              data,
            },
          );
          const [link] = made.content as { uri: string }[];
          await client.counterpart.notifications.until(
            "that the list of resources has changed",
            () => count(client.counterpart.notifications.all, CHANGED) > seen,
          );
          const { resources } = await client.verbs.listResources();
          const uri = link?.uri ?? "";
          assert.ok(resources.some((one) => one.uri === uri), uri);
          const { contents } = await client.verbs.readResource({ uri });
          const [content] = contents as { blob: string }[];
          const zipped = Buffer.from(content?.blob ?? "", "base64");
          assert.equal(gunzipSync(zipped).toString(), file);
        }
      },
    );
  }
});

const CHANGED = "notifications/resources/list_changed";

function count(all: readonly FromServer[], wanted: string): number {
  return all.filter(({ method }) => method === wanted).length;
}

/** How often servers have said that they have got so many roots. */
function rootsWords({ counterpart }: OfficialClient, roots: number): number {
  return counterpart.notifications.all.filter(({ method, params }) =>
    method === "notifications/message" &&
    String(params?.data).startsWith(`Roots updated: ${roots} root`)
  ).length;
}

async function rootsTold(
  client: OfficialClient,
  roots: number,
  servers: number,
): Promise<void> {
  await client.counterpart.notifications.until(
    `the word of ${servers} servers on ${roots} roots`,
    () => rootsWords(client, roots) >= servers,
  );
}

/** Asks until the server has this root; the test's own limit is the deadline. */
async function rootsHeld(
  client: OfficialClient,
  server: string,
  uri: string,
): Promise<void> {
  for (;;) {
    const { content } = await client.callTool(`${server}__get-roots-list`);
    if (JSON.stringify(content).includes(uri)) return;
  }
}
