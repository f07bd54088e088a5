// Real servers over stdio do their work for the official clients, by both client transports.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { SDKS } from "../support/connect_official.ts";
import { installed } from "../support/reference_servers.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";
import { LIMIT, sharedWorld } from "../support/world.ts";

describe("real servers over stdio", () => {
  const world = sharedWorld(startServers);

  for (const sdk of SDKS) {
    for (const transport of ["sse", "streamable-http"] as const) {
      const name = `${sdk}-${transport}`;

      it(
        `${name}: server-filesystem writes and reads files`,
        LIMIT,
        async () => {
          const { servers: { path } } = await world();
          await using client = await (await world())
            .official(sdk, transport, "filesystem", {
              roots: [{ uri: pathToFileURL(path).href, name: "work" }],
            });
          const file = join(path, `${name}.txt`);
          const content = "ünï↯😀\r\n\u2028".repeat(1_000);
          await client.callTool("write_file", { path: file, content });
          assert.equal(await readFile(file, "utf8"), content);
          const read = await client.callTool("read_text_file", { path: file });
          assert.deepEqual(read.content, [{ type: "text", text: content }]);
          const listed = await client.callTool("list_directory", { path });
          assert.match(
            JSON.stringify(listed.content),
            new RegExp(`${name}\\.txt`),
          );
          const outside = await client.callTool("read_text_file", {
            path: join(path, "..", "outside.txt"),
          });
          assert.equal(outside.isError, true);
        },
      );

      it(
        `${name}: server-memory remembers from one session to the next`,
        LIMIT,
        async () => {
          const entity = {
            name,
            entityType: "test",
            observations: ["first: ünï↯😀"],
          };
          {
            await using first = await (await world())
              .official(sdk, transport, "memory");
            await first.callTool("create_entities", { entities: [entity] });
          }
          await using second = await (await world())
            .official(sdk, transport, "memory");
          const found = await second.callTool("open_nodes", { names: [name] });
          const { entities } = found.structuredContent as { entities: unknown };
          assert.deepEqual(entities, [entity]);
        },
      );
    }
  }
});

/** The two servers at work in one folder. */
async function startServers() {
  const folder = await TemporaryFolder.create();
  const { path } = folder;
  return {
    path,
    mcpServers: {
      filesystem: { command: "node", args: [installed("filesystem"), path] },
      memory: {
        command: "node",
        args: [installed("memory")],
        env: { MEMORY_FILE_PATH: join(path, "memory.jsonl") },
      },
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
