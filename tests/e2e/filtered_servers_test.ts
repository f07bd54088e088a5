// Official servers, of which an official client may not use everything.

import assert from "node:assert/strict";
import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { Client } from "@modelcontextprotocol/client";
import { ChildPlaces } from "../../lib/backends/child_places.ts";
import { openBackend } from "../../lib/backends/open.ts";
import type { OpenContext } from "../../lib/backend.ts";
import { DEFAULT_LIMITS } from "../../lib/limits.ts";
import { ChannelTransport } from "../support/channel_transport.ts";
import { logInto } from "../support/log_lines.ts";
import type { LogLine } from "../support/log_lines.ts";
import { installed } from "../support/reference_servers.ts";
import { restrictedContext } from "../support/restricted_context.ts";

const LIMIT = { timeout: 60_000 };
const timeouts = { openMs: 30_000, requestMs: 30_000, requestMaxMs: 30_000 };

/** Connects to a reference server over stdio, through the whole backend of one. */
async function connect(
  name: "everything" | "filesystem",
  args: readonly string[],
  context: OpenContext,
) {
  const lines: LogLine[] = [];
  const env = { PATH: process.env.PATH ?? "" };
  const { legacy: backend } = openBackend(name, {
    kind: "stdio",
    stdio: {
      command: "node",
      args: [installed(name), ...args],
      env,
      cwd: process.cwd(),
    },
    timeouts,
  }, { places: new ChildPlaces(DEFAULT_LIMITS), log: logInto(lines) });
  const channel = await backend.open(context);
  const client = new Client({ name: "official", version: "1" }, {
    versionNegotiation: { mode: "legacy" },
  });
  await client.connect(new ChannelTransport(channel));
  return { client, lines, [Symbol.asyncDispose]: () => client.close() };
}

/** A folder with one file, which holds "kept". */
async function folder() {
  const path = await realpath(await mkdtemp(join(tmpdir(), "mcp-front-")));
  const file = join(path, "a.txt");
  await writeFile(file, "kept");
  return {
    path,
    file,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}

describe("an official client whose token may not use everything", () => {
  it(
    "reads files with the tools that only read, and writes none",
    LIMIT,
    async () => {
      await using place = await folder();
      const context = restrictedContext({ tools: "readOnly" });
      await using open = await connect("filesystem", [place.path], context);
      const { client, lines } = open;
      const read = { name: "read_text_file", arguments: { path: place.file } };
      const { content } = await client.callTool(read);
      assert.match(JSON.stringify(content), /kept/);
      const write = {
        name: "write_file",
        arguments: { path: place.file, content: "lost" },
      };
      await assert.rejects(client.callTool(write), {
        code: -32602,
        message: /may not use tool "write_file" of server "filesystem"/,
      });
      assert.equal(await readFile(place.file, "utf8"), "kept");
      const { tools } = await client.listTools();
      const names = tools.map(({ name }) => name);
      assert.ok(names.includes("read_text_file"));
      assert.ok(!names.includes("write_file"));
      assert.ok(tools.every(({ annotations }) => annotations?.readOnlyHint));
      const refused = lines.filter(({ msg }) => msg === "Message refused");
      assert.deepEqual(refused.map(({ tool }) => tool), ["write_file"]);
    },
  );

  it(
    "sees and uses only the tools, prompts and resources that are named",
    LIMIT,
    async () => {
      const uri = "demo://resource/static/document/features.md";
      const permitted = {
        tools: ["echo"],
        prompts: ["simple-prompt"],
        resources: [uri],
      };
      const context = restrictedContext(permitted);
      await using open = await connect("everything", ["stdio"], context);
      const { client } = open;
      const { tools } = await client.listTools();
      assert.deepEqual(tools.map(({ name }) => name), permitted.tools);
      const { prompts } = await client.listPrompts();
      assert.deepEqual(prompts.map(({ name }) => name), permitted.prompts);
      const { resources } = await client.listResources();
      assert.deepEqual(resources.map(({ uri }) => uri), permitted.resources);
      const { resourceTemplates } = await client.listResourceTemplates();
      assert.deepEqual(resourceTemplates, []);
      const said = { name: "echo", arguments: { message: "é" } };
      const { content } = await client.callTool(said);
      assert.match(JSON.stringify(content), /Echo: é/);
      assert.ok((await client.getPrompt({ name: "simple-prompt" })).messages);
      assert.equal((await client.readResource({ uri })).contents[0]?.uri, uri);
      const refused = { code: -32602, message: /may not use/ };
      const sum = { name: "get-sum", arguments: { a: 1, b: 2 } };
      await assert.rejects(client.callTool(sum), refused);
      await assert.rejects(
        client.getPrompt({ name: "args-prompt", arguments: { city: "x" } }),
        refused,
      );
      const hidden = { uri: "demo://resource/dynamic/text/1" };
      await assert.rejects(client.readResource(hidden), refused);
      await assert.rejects(client.subscribeResource(hidden), refused);
    },
  );
});
