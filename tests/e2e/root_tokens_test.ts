// Who may see what at the root: by the token, by `?server=`, and where there is only one server.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startGateway, TOKENS } from "../support/in_process_gateway.ts";
import { nothingLeft } from "../support/leftovers.ts";
import { answererOf, paging } from "../support/paging_server.ts";
import { connectRaw, request } from "../support/raw_client.ts";
import {
  officialAtRoot,
  rawAtRoot,
  ROOT_CLIENTS,
} from "../support/root_client.ts";
import { script } from "../support/scripted_server.ts";
import { LIMIT, SCRIPTED, sharedGateway } from "../support/shared_gateway.ts";
import { initialize, postHeaders } from "../support/streamable_session.ts";

describe("tokens at the root", () => {
  const gateway = sharedGateway({
    both: paging("both"),
    hers: { ...paging("hers"), authTokens: ["alice"] },
    his: { ...paging("his"), authTokens: ["bob"] },
  });

  const SEEN = {
    alice: ["both", "hers"],
    bob: ["both", "his"],
  } as const;

  for (const how of ROOT_CLIENTS) {
    const name = `${how.sdk}, ${how.transport}`;

    it(
      `${name}: two tokens at once each see their own servers`,
      LIMIT,
      async () => {
        await Promise.all((["alice", "bob"] as const).map(async (token) => {
          await using client = await officialAtRoot(await gateway(), how, {
            token,
          });
          const { verbs } = client;
          const { tools } = await verbs.listTools();
          assert.deepEqual(
            tools.map((one) => one.name),
            SEEN[token].flatMap((server) =>
              [0, 1].map((index) => `${server}__tool-${index}`)
            ),
          );
          const { resources } = await verbs.listResources();
          assert.deepEqual(
            resources.map(({ uri }) => uri),
            SEEN[token].flatMap((server) =>
              [0, 1].map((index) => `${server}://one/${index}`)
            ),
          );
          for (const server of ["both", "hers", "his"] as const) {
            const tool = `${server}__tool-0`;
            const uri = `${server}://one/0`;
            const prompt = `${server}__prompt-0`;
            if ((SEEN[token] as readonly string[]).includes(server)) {
              for (
                const answer of [
                  await client.callTool(tool),
                  await verbs.readResource({ uri }),
                  await verbs.getPrompt({ name: prompt }),
                ]
              ) assert.equal(answererOf(answer), server);
              continue;
            }
            for (
              const refused of [
                () => client.callTool(tool),
                () => verbs.readResource({ uri }),
                () => verbs.getPrompt({ name: prompt }),
              ]
            ) {
              await assert.rejects(
                refused,
                /No server that this token may use/,
              );
            }
          }
          const { instructions } = client.server;
          assert.equal(
            instructions,
            SEEN[token].map((one) => `# ${one}\n\nI am ${one}.`).join("\n\n"),
          );
        }));
      },
    );

    it(
      `${name}: ?server= is the server itself, with its own names`,
      LIMIT,
      async () => {
        const { url } = await gateway();
        await using client = await officialAtRoot({ url }, how, {
          only: "hers",
        });
        const { info } = client.server as { info: { name: string } };
        assert.equal(info.name, "hers");
        const { tools } = await client.verbs.listTools();
        assert.deepEqual(tools.map((one) => one.name), ["tool-0", "tool-1"]);
        assert.equal(answererOf(await client.callTool("tool-1")), "hers");
        const { resources } = await client.verbs.listResources();
        assert.deepEqual(
          resources.map(({ uri }) => uri),
          ["hers://one/0", "hers://one/1"],
        );
      },
    );
  }

  for (const leaf of ["mcp", "sse"] as const) {
    const ask = async (query: string, token: string) => {
      const { url } = await gateway();
      const post = { method: "POST", body: JSON.stringify(initialize()) };
      return await fetch(`${url}/${leaf}${query}`, {
        headers: postHeaders(token),
        ...(leaf === "mcp" ? post : {}),
      });
    };

    it(
      `/${leaf}: ?server= of one that is not allowed is 401, of an unknown one 404`,
      LIMIT,
      async () => {
        const refused = await ask("?server=his", TOKENS.alice);
        assert.equal(refused.status, 401);
        assert.match(
          refused.headers.get("www-authenticate") ?? "",
          /^Bearer .*error="invalid_token".*may not use server 'his'/,
        );
        assert.match(JSON.stringify(await refused.json()), /does not list/);
        for (const query of ["?server=nobody", "?server=", "?server=*"]) {
          const unknown = await ask(query, TOKENS.alice);
          assert.equal(unknown.status, 404, query);
          const text = JSON.stringify(await unknown.json());
          assert.match(text, /no server of this name/);
          assert.match(text, /may use: both, hers;/);
          assert.doesNotMatch(text, /\bhis\b/);
        }
      },
    );
  }
});

describe("a token that may use nothing", () => {
  const gateway = sharedGateway({
    one: { ...paging("one"), authTokens: ["alice"] },
    two: { ...paging("two"), authTokens: ["alice"] },
  });

  it("is refused at the root with 401 and the reason", LIMIT, async () => {
    const { url } = await gateway();
    for (const leaf of ["mcp", "sse"]) {
      const response = await fetch(`${url}/${leaf}`, {
        headers: postHeaders(TOKENS.bob),
        ...(leaf === "mcp" &&
          { method: "POST", body: JSON.stringify(initialize()) }),
      });
      assert.equal(response.status, 401);
      assert.match(
        response.headers.get("www-authenticate") ?? "",
        /error="invalid_token".*'bob' may not use any server/,
      );
      const text = await response.text();
      assert.match(text, /may not use any server/);
      assert.match(text, /authTokens/);
      assert.doesNotMatch(text, /\b(one|two)\b/);
    }
    const line = await (await gateway()).logged("Request refused", {
      fault: "invalid_token",
    });
    assert.equal(line.token_name, "bob");
    assert.equal(line.server, "*");
  });
});

describe("the root with one server in the file", () => {
  /** As no serializer writes it: only the bytes themselves can have come through. */
  const ODD =
    '{ "id":7,"jsonrpc" : "2.0" ,"result":{"n":1e400,"u":"\\u00fc","u":2,  "z":-0.0}}';

  for (const how of ROOT_CLIENTS.filter(({ sdk }) => sdk === "v2")) {
    const { transport } = how;

    it(`${transport}: names are its own`, LIMIT, async () => {
      await using gateway = await startGateway({ alone: paging("alone") });
      await using client = await officialAtRoot(gateway, how);
      const { info, instructions } = client.server as {
        info: { name: string };
        instructions: string;
      };
      assert.deepEqual([info.name, instructions], ["alone", "I am alone."]);
      const { tools } = await client.verbs.listTools();
      assert.deepEqual(tools.map((one) => one.name), ["tool-0", "tool-1"]);
      assert.equal(answererOf(await client.callTool("tool-0")), "alone");
    });

    it(
      `${transport}: answers come byte for byte, of methods that nobody knows, too`,
      LIMIT,
      async () => {
        await using gateway = await startGateway({ alone: SCRIPTED });
        const { url } = gateway;
        const texts: string[][] = [];
        for (const server of [undefined, "alone"]) {
          await using client = await connectRaw({
            url,
            server,
            token: TOKENS.alice,
            transport,
          });
          await client.ask(script(7, { say: ODD }));
          await client.ask(request(8, "x/unknown", { a: [1, { b: null }] }));
          texts.push(client.heard.all.map(({ text }) => text));
        }
        assert.deepEqual(texts[0], texts[1]);
        assert.equal(texts[0]?.[1], ODD);
      },
    );

    it(
      `${transport}: a server that the token may not use is refused by its name`,
      LIMIT,
      async () => {
        await using gateway = await startGateway({
          alone: { ...paging("alone"), authTokens: ["bob"] },
        });
        await assert.rejects(rawAtRoot(gateway, transport), /HTTP 401/);
        await using bob = await rawAtRoot(gateway, transport, {
          token: TOKENS.bob,
        });
        const { message } = await bob.ask(request(1, "tools/list"));
        assert.match(JSON.stringify(message.result), /"tool-0"/);
      },
    );
  }

  it("a second server that is switched off does not count", LIMIT, async () => {
    await using gateway = await startGateway({
      alone: paging("alone"),
      off: { ...paging("off"), disabled: true },
    });
    {
      await using client = await rawAtRoot(gateway, "sse");
      const { message } = await client.ask(request(1, "tools/list"));
      assert.match(JSON.stringify(message.result), /"name":"tool-0"/);
    }
    await nothingLeft(gateway);
  });
});

describe("the root with several servers, of which a token may use one", () => {
  const gateway = sharedGateway({
    mine: paging("mine"),
    his: { ...paging("his"), authTokens: ["bob"] },
    raw: { ...SCRIPTED, authTokens: ["bob"] },
  });

  it("names have the prefix all the same", LIMIT, async () => {
    await using client = await rawAtRoot(await gateway(), "sse");
    const { message } = await client.ask(request(1, "tools/list"));
    const { tools } = message.result as { tools: { name: string }[] };
    assert.deepEqual(
      tools.map(({ name }) => name),
      ["mine__tool-0", "mine__tool-1"],
    );
    assert.equal(
      (await client.ask(request(2, "x/unknown"))).message.error?.code,
      -32601,
    );
  });
});
