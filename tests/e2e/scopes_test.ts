// Two tokens with different rules at once: each sees and uses what its rules let it, at the root and at each server.

import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { connectOfficial } from "../support/connect_official.ts";
import type { Sdk } from "../support/connect_official.ts";
import type {
  Negotiation,
  OfficialClient,
} from "../support/official_client.ts";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import type { InProcessGateway } from "../support/in_process_gateway.ts";
import { installed } from "../support/reference_servers.ts";
import { LIMIT } from "../support/shared_gateway.ts";
import { StreamableSession } from "../support/streamable_session.ts";
import { TemporaryFolder } from "../support/temporary_folder.ts";

const RULES = {
  value: TOKENS.bob,
  readOnly: true,
  servers: {
    files: { tools: { deny: ["read_media_file"] } },
    everything: {
      tools: { allow: ["echo", "get-sum"] },
      prompts: { allow: ["simple-*"] },
      resources: { allow: ["demo://resource/static/*"] },
    },
  },
};

const AUTH = {
  kind: "bearer_token",
  tokens: { alice: TOKENS.alice, bob: RULES },
};

interface Scene extends AsyncDisposable {
  readonly gateway: InProcessGateway;
  readonly folder: string;
}

let scene: Promise<Scene> | undefined;
after(async () => await (await scene)?.[Symbol.asyncDispose]());

async function start(): Promise<Scene> {
  const folder = await TemporaryFolder.create();
  const gateway = await startGateway({
    files: {
      command: "node",
      args: [installed("filesystem"), folder.path],
      toolFilter: { mode: "deny", tools: ["move_*"] },
    },
    everything: { command: "node", args: [installed("everything"), "stdio"] },
    memory: { command: "node", args: [installed("memory")] },
  }, { auth: AUTH });
  return {
    gateway,
    folder: folder.path,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function connect(
  token: keyof typeof TOKENS,
  path: string,
  sdk: Sdk = "v2",
  negotiation: Negotiation = "legacy",
): Promise<OfficialClient> {
  const { gateway } = await (scene ??= start());
  const transport = path.endsWith("sse") ? "sse" : "streamable-http";
  const url = `${gateway.url}${path}`;
  const target = { transport, url, token: TOKENS[token] } as const;
  return await connectOfficial(sdk, target, { negotiation });
}

interface Tool {
  readonly name: string;
  readonly annotations?: { readonly readOnlyHint?: boolean };
}

async function toolsOf(client: OfficialClient): Promise<readonly Tool[]> {
  const { tools } = await client.verbs.listTools();
  return tools as readonly Tool[];
}

const namesOf = (things: readonly { readonly name: string }[]) =>
  things.map(({ name }) => name);

const CLIENTS = [
  ["v1", "sse", "legacy"],
  ["v2", "mcp", "legacy"],
  ["v2", "mcp", "modern"],
] as const;

for (const [sdk, leaf, era] of CLIENTS) {
  describe(`two tokens at once, ${sdk} of the ${era} era at /${leaf}`, () => {
    it(
      "each see what their rules let them, in the same order",
      LIMIT,
      async () => {
        await using free = await connect("alice", `/${leaf}`, sdk, era);
        await using bound = await connect("bob", `/${leaf}`, sdk, era);
        const all = await toolsOf(free);
        const expected = all.filter(({ name, annotations }) => {
          const [server, own] = name.split("__");
          if (annotations?.readOnlyHint !== true) return false;
          if (server === "everything") {
            return ["echo", "get-sum"].includes(own ?? "");
          }
          return name !== "files__read_media_file";
        });
        assert.ok(!namesOf(all).some((name) => name.includes("move_")));
        assert.ok(expected.length > 5);
        assert.deepEqual(await toolsOf(bound), expected);
        const { prompts } = await bound.verbs.listPrompts();
        assert.deepEqual(namesOf(prompts), ["everything__simple-prompt"]);
        const { resources } = await bound.verbs.listResources();
        assert.ok(
          resources.every(({ uri }) =>
            !uri.startsWith("demo://") ||
            uri.startsWith("demo://resource/static/")
          ),
        );
      },
    );

    it(
      "each use what their rules let them, and are told the rule",
      LIMIT,
      async () => {
        await using free = await connect("alice", `/${leaf}`, sdk, era);
        await using bound = await connect("bob", `/${leaf}`, sdk, era);
        const { folder } = await (scene as Promise<Scene>);
        const path = `${folder}/${sdk}-${era}-${leaf}.txt`;
        const written = { path, content: "x" };
        await assert.rejects(
          bound.callTool("files__write_file", written),
          /readOnly of token "bob"/,
        );
        const made = await free.callTool("files__write_file", written);
        assert.notEqual(made.isError, true);
        const read = await bound.callTool("files__read_text_file", { path });
        assert.deepEqual(read.content, [{ type: "text", text: "x" }]);
        await assert.rejects(
          bound.callTool("files__read_media_file", { path }),
          /tools\.deny\[0\] is "read_media_file"/,
        );
        await assert.rejects(
          free.callTool("files__move_file", {
            source: path,
            destination: path,
          }),
          /toolFilter of server "files" denies "move_\*"/,
        );
        await assert.rejects(
          bound.verbs.getPrompt({ name: "everything__args-prompt" }),
          /prompts\.allow does not list it/,
        );
        await assert.rejects(
          bound.verbs.readResource({ uri: "demo://resource/dynamic/text/1" }),
          /No server that this token may use offers this resource/,
        );
        await free.verbs.readResource({
          uri: "demo://resource/dynamic/text/1",
        });
      },
    );
  });
}

describe("a token with rules", () => {
  it("is held to them at the server's own address, too", LIMIT, async () => {
    await using bound = await connect("bob", "/everything/mcp");
    assert.deepEqual(namesOf(await toolsOf(bound)), ["echo", "get-sum"]);
    await assert.rejects(
      bound.callTool("get-env"),
      /tools\.allow does not list it/,
    );
  });

  it("gets no second name past the check", LIMIT, async () => {
    const { gateway } = await (scene ??= start());
    for (
      const [path, prefix] of [["/mcp", "everything__"], [
        "/everything/mcp",
        "",
      ]]
    ) {
      const session = await StreamableSession.begin({
        url: `${gateway.url}${path}`,
        token: TOKENS.bob,
      });
      const names = [
        [`"name":"${prefix}get-env","name":"${prefix}echo"`, /Echo: hi/],
        [
          `"name":"${prefix}echo","Name":"get-env"`,
          /some servers but not to all/,
        ],
      ] as const;
      for (const [members, wanted] of names) {
        const text =
          `{"jsonrpc":"2.0","id":"x","method":"tools/call","params":` +
          `{${members},"arguments":{"message":"hi"}}}`;
        const response = await session.post(text);
        const said = await response.text();
        assert.match(said, wanted);
        assert.doesNotMatch(said, /PATH/);
      }
      await session.end();
    }
  });

  it(
    "leaves the rule and the names in the log, and no value of a token",
    LIMIT,
    async () => {
      await using bound = await connect("bob", "/mcp");
      await assert.rejects(bound.callTool("files__write_file", {}));
      const { gateway } = await (scene as Promise<Scene>);
      const line = await gateway.logged("Message refused", {
        server: "files",
        tool: "write_file",
      });
      assert.equal(line.token_name, "bob");
      assert.match(String(line.rule), /readOnly/);
      const text = await gateway.logText();
      for (const value of Object.values(TOKENS)) {
        assert.ok(!text.includes(value));
      }
    },
  );
});
